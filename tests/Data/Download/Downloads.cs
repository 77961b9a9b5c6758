using System.Security.Cryptography;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Download;

namespace LargeRec.Data.Tests.Download;

/// <summary>A data set that a test's server gives, and its download into a folder of the test's.</summary>
internal static class Downloads
{
    public const string Name = "made-up";

    public static DownloadOptions Quick { get; } = new()
    {
        RetryDelay = TimeSpan.FromMilliseconds(1),
        StallTimeout = TimeSpan.FromSeconds(20),
    };

    public static PublishedDataset Dataset(FileServer server, byte[]? published = null, string? fileName = null) =>
        Dataset(server.Address, published, fileName ?? server.Address.Segments[^1]);

    public static string Md5(byte[] data) => Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, data));

    /// <param name="published">The bytes that the publisher's size and checksums are of; null: none are known.</param>
    public static PublishedDataset Dataset(Uri address, byte[]? published, string fileName) => new()
    {
        Name = Name,
        Title = "Made Up",
        Terms = new PublisherTerms("none", "Do as you like.", new Uri("https://example.org/terms")),
        Citation = "Nobody. 2026.",
        HomePage = new Uri("https://example.org/"),
        File = new PublishedFile
        {
            FileName = fileName,
            Address = address,
            Size = published?.Length,
            Md5 = published is null ? null : Md5(published),
            Sha256 = published is null ? null : Convert.ToHexStringLower(SHA256.HashData(published)),
        },
    };

    public static Task<DownloadResult> RunAsync(
        this PublishedDataset dataset, TemporaryFolder folder, DownloadOptions? options = null, DownloadFiles? files = null, Notes? notes = null,
        HttpMessageHandler? handler = null,
        CancellationToken cancellation = default)
    {
        var downloader = new Downloader(options ?? Quick, handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false },
            files ?? new DownloadFiles());
        return FinishAsync();

        async Task<DownloadResult> FinishAsync()
        {
            using (downloader)
            {
                return await downloader.DownloadAsync(dataset, folder.FolderPath, notes, cancellation);
            }
        }
    }
}
