namespace LargeRec.Data.Download;

/// <summary>What was fetched, kept as <c>download.json</c> beside the data: without a published checksum it is the only way to tell later that a file is the
/// same.</summary>
internal sealed record DownloadRecord
{
    public const string FileName = "download.json";

    public required string Name { get; init; }

    /// <summary>The address, or the name of the file that was given.</summary>
    public required string From { get; init; }

    public required string File { get; init; }

    public required long Size { get; init; }

    public required string Md5 { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>The published checksums that it was compared with: <c>md5</c>, <c>sha256</c>, both, or none.</summary>
    public required IReadOnlyList<string> Verified { get; init; }

    /// <summary>Where the terms stand.</summary>
    public required string Terms { get; init; }
}
