using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;

namespace LargeRec.Data.Download;

/// <summary>Compares a file with what is published about it.</summary>
internal static class Verification
{
    public static bool IsAsPublished(FileDigest digest, PublishedFile? published) => Difference(digest, published) is null;

    /// <exception cref="DataFormatException">It is another file.</exception>
    /// <param name="wasRemoved">Whether the bytes are gone, to be said.</param>
    public static void Require(string source, FileDigest digest, PublishedFile? published, bool wasRemoved)
    {
        if (Difference(digest, published) is { } difference)
        {
            throw new DataFormatException(
                source, 0, $"this is not the publisher's file: {difference}", wasRemoved ? "it was removed; try again, or take another source with --from"
                : "it was left as it is; fetch another, or remove it");
        }
    }

    public static string Describe(PublishedFile? published, FileDigest digest) => published switch
    {
        { Sha256: not null, Md5: not null } => $"md5 and sha256 are the published ones ({digest.Sha256})",
        { Sha256: not null } => $"sha256 is the published one ({digest.Sha256})",
        { Md5: not null } => $"md5 is the published one ({digest.Md5})",
        _ => $"no checksum is published, so the file could not be verified; seen was sha256 {digest.Sha256}",
    };

    public static DownloadRecord RecordOf(PublishedDataset dataset, DownloadSource source, FileDigest digest) => new()
    {
        Name = dataset.Name,
        From = source.Address?.GetLeftPart(UriPartial.Path) ?? source.FileName,
        File = source.FileName,
        Size = digest.Size,
        Md5 = digest.Md5,
        Sha256 = digest.Sha256,
        Verified = [.. source.Published?.Md5 is null ? [] : new[] { "md5" }, .. source.Published?.Sha256 is null ? [] : new[] { "sha256" }],
        Terms = dataset.Terms.Link.ToString(),
    };

    private static string? Difference(FileDigest digest, PublishedFile? published)
    {
        if (published?.Size is { } size && size != digest.Size)
        {
            return $"it has {digest.Size} bytes, and the published one {size}";
        }

        if (published?.Md5 is { } md5 && md5 != digest.Md5)
        {
            return $"its md5 is {digest.Md5}, and the published one {md5}";
        }

        return published?.Sha256 is { } sha256 && sha256 != digest.Sha256 ? $"its sha256 is {digest.Sha256}, and the published one {sha256}" : null;
    }
}
