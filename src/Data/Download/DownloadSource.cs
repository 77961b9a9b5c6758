using LargeRec.Data.Catalogue;

namespace LargeRec.Data.Download;

/// <summary>Where a data set's file comes from: an address, or a file on this machine.</summary>
internal sealed record DownloadSource
{
    public required string FileName { get; init; }

    /// <summary>Null for a file on this machine.</summary>
    public Uri? Address { get; init; }

    /// <summary>Null for an address.</summary>
    public string? LocalFile { get; init; }

    /// <summary>What is known about the file; null where the publisher has it behind a registration.</summary>
    public PublishedFile? Published { get; init; }

    /// <exception cref="DownloadException">There is no such file, the address is of no kind that is fetched, or none is known.</exception>
    public static DownloadSource Of(PublishedDataset dataset, string? from)
    {
        if (from is null)
        {
            var file = dataset.File ?? throw new DownloadException(
                $"{dataset.Name} cannot be downloaded by a program: get it at {dataset.HomePage} and hand the file over with --from FILE");
            return new DownloadSource { FileName = file.FileName, Address = file.Address, Published = file };
        }

        if (!from.Contains("://", StringComparison.Ordinal))
        {
            return File.Exists(from)
                ? new DownloadSource { FileName = Path.GetFileName(from), LocalFile = Path.GetFullPath(from), Published = dataset.File }
                : throw new DownloadException($"--from {from}: there is no such file (looked for {Path.GetFullPath(from)}); give a file, or an address that "
                    + "begins with https:// or http://");
        }

        if (!Uri.TryCreate(from, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
        {
            throw new DownloadException($"--from {from}: give a file, or an address that begins with https:// or http://");
        }

        var name = dataset.File?.FileName ?? Uri.UnescapeDataString(address.Segments[^1]);
        return EntryPath.Parse(name, out var reason) is [var single]
            ? new DownloadSource { FileName = single, Address = address, Published = dataset.File }
            : throw new DownloadException($"--from {from}: the address must end with the file's name{(reason.Length > 0 ? $" ('{name}' {reason})" : "")}");
    }
}
