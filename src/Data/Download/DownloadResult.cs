namespace LargeRec.Data.Download;

/// <summary>What a download ended with.</summary>
public sealed record DownloadResult
{
    /// <summary>Where the data set lies.</summary>
    public required string Folder { get; init; }

    /// <summary>It lay there before, and nothing was done; the other properties are empty then.</summary>
    public bool WasThere { get; init; }

    /// <summary>Files in the folder, without the record of the download.</summary>
    public int Files { get; init; }

    /// <summary>Bytes of these files.</summary>
    public long Bytes { get; init; }

    /// <summary>The checksum seen, and whether it is the publisher's.</summary>
    public string Verification { get; init; } = "";

    /// <summary>The publisher's file, where it was kept; else null.</summary>
    public string? Archive { get; init; }
}
