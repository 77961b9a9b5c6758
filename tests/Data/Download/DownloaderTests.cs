using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LargeRec.Data.Download;
using LargeRec.Data.Events;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Tests.Download;

/// <summary>A whole download: verified, unpacked, in its place or not there at all.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DownloaderTests : IDisposable
{
    private static readonly byte[] Archive = Archives.Zip(("made/", ""), ("made/ratings.dat", "1::2::3::4\n"), ("made/more/README", "read me"));
    private static readonly string[] Whole =
        [Downloads.Name, $"{Downloads.Name}/download.json", $"{Downloads.Name}/more", $"{Downloads.Name}/more/README", $"{Downloads.Name}/ratings.dat"];

    private readonly TemporaryFolder _folder = new();
    private readonly FileServer _server = new(Archive);

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Is_unpacked_into_the_folder_of_its_name_and_leaves_nothing_else()
    {
        var result = await Downloads.Dataset(_server, Archive).RunAsync(_folder);
        Assert.That(_folder.Entries, Is.EqualTo(Whole));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.ReadAllText(_folder[$"{Downloads.Name}/ratings.dat"]), Is.EqualTo("1::2::3::4\n"));
            Assert.That(result, Is.EqualTo(new DownloadResult
            {
                Folder = _folder[Downloads.Name],
                Files = 2,
                Bytes = 18,
                Verification = $"md5 and sha256 are the published ones ({Sha256(Archive)})",
            }));
        }
    }

    [Test]
    public async Task Keeps_a_record_of_what_was_seen()
    {
        await Downloads.Dataset(_server).RunAsync(_folder);
        using var record = JsonDocument.Parse(File.ReadAllBytes(_folder[$"{Downloads.Name}/download.json"]));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(record.RootElement.GetProperty("from").GetString(), Is.EqualTo(_server.Address.ToString()));
            Assert.That(record.RootElement.GetProperty("size").GetInt64(), Is.EqualTo(Archive.Length));
            Assert.That(record.RootElement.GetProperty("sha256").GetString(), Is.EqualTo(Sha256(Archive)));
            Assert.That(record.RootElement.GetProperty("verified").GetArrayLength(), Is.Zero);
            Assert.That(record.RootElement.GetProperty("terms").GetString(), Is.EqualTo("https://example.org/terms"));
        }
    }

    [Test]
    public async Task What_has_no_published_checksum_is_said()
    {
        var result = await Downloads.Dataset(_server).RunAsync(_folder);
        Assert.That(result.Verification, Is.EqualTo($"no checksum is published, so the file could not be verified; seen was sha256 {Sha256(Archive)}"));
    }

    [Test]
    public async Task What_is_there_is_left_as_it_is()
    {
        _folder.Write($"{Downloads.Name}/mine.csv", "user,item\n");
        var result = await Downloads.Dataset(_server, Archive).RunAsync(_folder);
        Assert.That(result, Is.EqualTo(new DownloadResult
        {
            Folder = _folder[Downloads.Name],
            WasThere = true,
        }));
        Assert.That(_server.Requests, Is.Empty);
        Assert.That(_folder.Entries, Is.EqualTo(new[] { Downloads.Name, $"{Downloads.Name}/mine.csv" }));
    }

    [Test]
    public async Task An_empty_folder_is_not_taken_for_a_data_set()
    {
        Directory.CreateDirectory(_folder[Downloads.Name]);
        await Downloads.Dataset(_server, Archive).RunAsync(_folder);
        Assert.That(_folder.Entries, Is.EqualTo(Whole));
    }

    [Test]
    public async Task An_archive_is_kept_if_asked_for()
    {
        var result = await Downloads.Dataset(_server, Archive).RunAsync(_folder, Downloads.Quick with { KeepArchive = true });
        Assert.That(_folder.Entries, Is.EqualTo(new[] { "data.zip" }.Concat(Whole)));
        Assert.That(result.Archive, Is.EqualTo(_folder["data.zip"]));
    }

    [Test]
    public async Task An_archive_that_is_there_is_not_fetched_again()
    {
        _folder.Write("data.zip", Archive);
        _folder.Write($".{Downloads.Name}.unpacking/made/rat", "half a fil");
        await Downloads.Dataset(_server, Archive).RunAsync(_folder);
        Assert.That(_server.Requests, Is.Empty);
        Assert.That(_folder.Entries, Is.EqualTo(Whole));
    }

    [Test]
    public void An_archive_that_is_there_and_wrong_is_left_and_said()
    {
        _folder.Write("data.zip", "not it");
        Assert.That(
            () => Downloads.Dataset(_server, Archive).RunAsync(_folder),
            Throws.TypeOf<DataFormatException>()
            .With.Message.Contains($"this is not the publisher's file: it has 6 bytes, and the published one {Archive.Length}; it was left as it is"));
        Assert.That(_folder.Entries, Is.EqualTo(new[] { "data.zip" }));
    }

    [Test]
    public void Bytes_with_another_checksum_are_removed()
    {
        var wrong = Archive.ToArray();
        wrong[40] ^= 1;
        _server.Content = wrong;
        Assert.That(
            () => Downloads.Dataset(_server, Archive).RunAsync(_folder),
            Throws.TypeOf<DataFormatException>()
            .With.Message.Contains($"this is not the publisher's file: its md5 is {Downloads.Md5(wrong)}, and the published one ")
                .And.Message.Contains("it was removed"));
        Assert.That(_folder.Entries, Is.Empty);
    }

    [Test]
    public async Task A_file_fetched_by_hand_is_verified_and_stays()
    {
        using var elsewhere = new TemporaryFolder();
        var file = elsewhere.Write("my-copy.zip", Archive);
        await Downloads.Dataset(_server, Archive).RunAsync(_folder, Downloads.Quick with { From = file });
        Assert.That(_folder.Entries, Is.EqualTo(Whole));
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(Archive));
        Assert.That(_server.Requests, Is.Empty);
    }

    [Test]
    public void A_wrong_file_fetched_by_hand_is_refused_and_stays()
    {
        using var elsewhere = new TemporaryFolder();
        var file = elsewhere.Write("my-copy.zip", Archive[..^1]);
        Assert.That(() => Downloads.Dataset(_server, Archive).RunAsync(_folder, Downloads.Quick with { From = file }), Throws.TypeOf<DataFormatException>());
        Assert.That(File.Exists(file));
        Assert.That(_folder.Entries, Is.Empty);
    }

    [TestCase("nowhere.zip", "there is no such file")]
    [TestCase("ftp://127.0.0.1/data.zip", "begins with https:// or http://")]
    [TestCase("file:///etc/passwd", "begins with https:// or http://")]
    public void A_source_of_no_known_kind_is_one_line(string from, string message)
    {
        Assert.That(() => Downloads.Dataset(_server, Archive).RunAsync(_folder, Downloads.Quick with { From = from }),
            Throws.TypeOf<DownloadException>().With.Message.Contains(message));
        Assert.That(_folder.Entries, Is.Empty);
    }

    [Test]
    public async Task What_is_offered_by_hand_only_is_taken_from_a_file_or_an_address()
    {
        var dataset = Downloads.Dataset(_server) with { File = null };
        Assert.That(() => dataset.RunAsync(_folder), Throws.TypeOf<DownloadException>().With.Message.Contains("get it at https://example.org/"));
        await dataset.RunAsync(_folder, Downloads.Quick with { From = _server.Address.ToString() });
        Assert.That(_folder.Entries, Is.EqualTo(Whole));
    }

    [Test]
    public void An_address_that_ends_without_a_files_name_is_refused()
    {
        var dataset = Downloads.Dataset(_server) with { File = null };
        Assert.That(
            () => dataset.RunAsync(_folder, Downloads.Quick with { From = new Uri(_server.Address, "/a/..%2f..%2fb").ToString() }),
            Throws.TypeOf<DownloadException>().With.Message.Contains("must end with the file's name"));
    }

    [TestCase("<!DOCTYPE html><html>", "this is a web page, not data")]
    [TestCase("\n <HTML>", "this is a web page, not data")]
    [TestCase("", "the file is empty")]
    [TestCase("some text", "this is no .zip archive")]
    public void What_is_no_archive_is_refused(string content, string message)
    {
        _server.Content = Encoding.UTF8.GetBytes(content);
        Assert.That(() => Downloads.Dataset(_server).RunAsync(_folder), Throws.TypeOf<DataFormatException>().With.Message.Contains(message));
        Assert.That(Directory.Exists(_folder[Downloads.Name]), Is.False);
    }

    [Test]
    public void Two_at_once_do_not_get_into_each_others_way()
    {
        using (FileLock.TryAcquire(_folder[$".{Downloads.Name}.lock"]))
        {
            Assert.That(
                () => Downloads.Dataset(_server, Archive).RunAsync(_folder),
                Throws.TypeOf<DownloadException>().With.Message.Contains($"another process downloads {Downloads.Name} into {_folder.FolderPath}"));
        }

        Assert.That(_server.Requests, Is.Empty);
    }

    [Test]
    public async Task Stopped_it_keeps_what_it_has_and_says_so()
    {
        var data = Archives.Noise(2_000_000);
        using var server = new FileServer(data, "data.csv");
        server.Then(new ServerPlan { CutAfter = 1_000_000, Stalls = true });
        using var stop = new CancellationTokenSource();
        var notes = new Notes();
        var dataset = Downloads.Dataset(server, data);
        var running = dataset.RunAsync(_folder, notes: notes, cancellation: stop.Token);
        var part = new FileInfo(_folder["data.csv.part"]);
        Assert.That(() => { part.Refresh(); return part.Exists && part.Length == 1_000_000; }, Is.True.After(10_000, 10), "half of it came");
        await stop.CancelAsync();
        Assert.That(() => running, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(notes.Lines.Last(), Does.Contain("keeps 1.00 MB of 2.00 MB; the same command goes on from there"));
        await dataset.RunAsync(_folder);
        Assert.That(server.Header(1, "Range"), Is.EqualTo("bytes=1000000-"));
        Assert.That(File.ReadAllBytes(_folder[$"{Downloads.Name}/data.csv"]), Is.EqualTo(data));
    }

    [Test]
    public void Stopped_while_unpacking_it_leaves_the_archive_alone()
    {
        using var stop = new CancellationTokenSource();
        var notes = new Notes
        {
            OnReport = p =>
            {
                if (p.Stage == DownloadStage.Unpacking)
                {
                    stop.Cancel();
                }
            },
        };
        Assert.That(() => Downloads.Dataset(_server, Archive).RunAsync(_folder, notes: notes, cancellation: stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_folder.Entries, Is.EqualTo(new[] { "data.zip" }));
    }

    [Test]
    public async Task Progress_grows_to_the_whole_and_says_how_long_it_takes()
    {
        var notes = new Notes();
        await Downloads.Dataset(_server, Archive).RunAsync(_folder, notes: notes);
        var fetching = notes.All.Where(p => p.Stage == DownloadStage.Fetching).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fetching.Select(p => p.Bytes), Is.Ordered);
            Assert.That(fetching[^1].Bytes, Is.EqualTo(Archive.Length));
            Assert.That(fetching[^1].Total, Is.EqualTo(Archive.Length));
            Assert.That(fetching[^1].Remaining, Is.EqualTo(TimeSpan.Zero));
            Assert.That(notes.All.Select(p => p.Stage).Distinct(),
                Is.EqualTo(new[] { DownloadStage.Fetching, DownloadStage.Verifying, DownloadStage.Unpacking }));
        }
    }

    private static string Sha256(byte[] data) => Convert.ToHexStringLower(SHA256.HashData(data));
}
