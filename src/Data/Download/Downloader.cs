using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Download;

/// <summary>
/// Fetches public data sets into a data directory: DIR/NAME/ is there as a whole or not at all, whenever the process ends. On the way there are
/// DIR/FILE.part (fetched so far; the next download goes on with it), DIR/FILE (fetched and verified, not yet unpacked) and the hidden folder
/// DIR/.NAME.unpacking. The terms are the caller's affair: show <see cref="PublishedDataset.Terms"/> and ask before.
/// </summary>
public sealed class Downloader : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    private readonly DownloadOptions _options;
    private readonly HttpClient _client;
    private readonly DownloadFiles _files;

    /// <summary>Fetches directly, or by the proxy that the environment names (https_proxy, http_proxy, no_proxy).</summary>
    public Downloader(DownloadOptions? options = null)
        : this(options ?? new DownloadOptions(), new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = ConnectTimeout, UseCookies = false },
            new DownloadFiles())
    {
    }

    internal Downloader(DownloadOptions options, HttpMessageHandler handler, DownloadFiles files)
    {
        _options = options;
        _files = files;
        _client = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd($"LargeRec/{typeof(Downloader).Assembly.GetName().Version?.ToString(3)}");
    }

    /// <summary>The folder in which a data set lies already, or null.</summary>
    public static string? Find(PublishedDataset dataset, string dataDirectory)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var folder = Path.GetFullPath(Path.Combine(dataDirectory, dataset.Name));
        return Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() ? folder : null;
    }

    /// <summary>Fetches, verifies and unpacks a data set; one that is there is left as it is.</summary>
    /// <param name="dataset">What to fetch.</param>
    /// <param name="dataDirectory">Made where it is missing.</param>
    /// <param name="progress">Told what is done, from the thread that does it; may be null.</param>
    /// <param name="cancellation">Stops it soon; what was fetched stays, and the last progress says what that is.</param>
    /// <exception cref="DownloadException">It cannot be fetched; the message says what to do.</exception>
    /// <exception cref="DataFormatException">The file is not the publisher's, damaged, or not safe to unpack.</exception>
    public async Task<DownloadResult> DownloadAsync(
        PublishedDataset dataset, string dataDirectory, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var source = DownloadSource.Of(dataset, _options.From);
        if (Find(dataset, dataDirectory) is { } there)
        {
            return new DownloadResult { Folder = there, WasThere = true };
        }

        var directory = Directory.CreateDirectory(dataDirectory).FullName;
        using var held = FileLock.TryAcquire(Path.Combine(directory, $".{dataset.Name}.lock"))
            ?? throw new DownloadException($"another process downloads {dataset.Name} into {directory}; wait until it is done, or stop it");
        if (Find(dataset, dataDirectory) is { } meanwhile)
        {
            return new DownloadResult { Folder = meanwhile, WasThere = true };
        }

        var report = new ProgressReporter(progress, TimeProvider.System);
        var archive = source.LocalFile ?? Path.Combine(directory, source.FileName);
        var digest = File.Exists(archive)
            ? await FileDigest.ComputeAsync(archive, report, cancellation).ConfigureAwait(false)
            : await FetchAsync(source, archive, report, cancellation).ConfigureAwait(false);
        Verification.Require(archive, digest, source.Published, wasRemoved: false);
        var record = Verification.RecordOf(dataset, source, digest);
        var placement = new Placement(directory, dataset.Name, _options, _files, report);
        var isOurs = source.LocalFile is null;
        var written = await Task.Run(() => placement.Place(archive, source.FileName, record, isOurs, cancellation), cancellation).ConfigureAwait(false);
        return new DownloadResult
        {
            Folder = placement.Target,
            Files = written.Files,
            Bytes = written.Bytes,
            Verification = Verification.Describe(source.Published, digest),
            Archive = File.Exists(archive) ? archive : null,
        };
    }

    /// <summary>Ends the connections.</summary>
    public void Dispose() => _client.Dispose();

    /// <summary>Fetches and verifies; the file has its name only when it is the right one.</summary>
    private async Task<FileDigest> FetchAsync(DownloadSource source, string archive, ProgressReporter report, CancellationToken cancellation)
    {
        var part = new PartialFile(archive, _files);
        try
        {
            var published = source.Published;
            _files.RequireRoom(Path.GetDirectoryName(archive)!, (published?.Size ?? 0) + (published?.UnpackedSize ?? 0) - part.Length,
                $"{source.FileName}, unpacked,");
            var fetcher = new HttpFetcher(_client, _options, _files, report, TimeProvider.System);
            await fetcher.FetchAsync(source.Address!, part, published?.Size, cancellation).ConfigureAwait(false);
            var digest = await FileDigest.ComputeAsync(part.FilePath, report, cancellation).ConfigureAwait(false);
            if (!Verification.IsAsPublished(digest, published))
            {
                part.Delete();
                Verification.Require(source.Address!.ToString(), digest, published, wasRemoved: true);
            }

            part.Complete();
            return digest;
        }
        catch (OperationCanceledException)
        {
            report.Note($"{part.Describe()}; the same command goes on from there");
            throw;
        }
    }
}
