using CsCheck;
using LargeRec.Data.Download;
using LargeRec.Data.Events;

namespace LargeRec.Data.Tests.Download;

/// <summary>Fetching from a server that may be slow, cut off, changed or gone.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FetchingTests : IDisposable
{
    private static readonly byte[] Data = Archives.Noise(400_000);
    private static readonly byte[] OtherData = Archives.Noise(400_000, seed: 2);

    private readonly TemporaryFolder _folder = new();
    private readonly FileServer _server = new(Data, "data.csv");

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task A_cut_connection_is_gone_on_with()
    {
        _server.Then(ServerPlan.Cut(150_000), ServerPlan.Cut(100_000));
        var notes = new Notes();
        await Downloads.Dataset(_server, Data).RunAsync(_folder, notes: notes);
        AssertFetched(Data);
        Assert.That(_server.Requests, Has.Length.EqualTo(3));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_server.Header(0, "Range"), Is.Null);
            Assert.That(_server.Header(1, "Range"), Is.EqualTo("bytes=150000-"));
            Assert.That(_server.Header(1, "If-Range"), Is.EqualTo("\"one\""));
            Assert.That(_server.Header(2, "Range"), Is.EqualTo("bytes=250000-"));
            Assert.That(_server.Header(0, "Accept-Encoding"), Is.EqualTo("identity"));
            Assert.That(notes.Lines, Has.Some.Contains("trying again"));
        }
    }

    [Test]
    public async Task The_next_command_goes_on_where_the_last_ended()
    {
        _server.Then(ServerPlan.Cut(123_456));
        var dataset = Downloads.Dataset(_server, Data);
        var part = _folder["data.csv.part"];
        Assert.That(
            () => dataset.RunAsync(_folder, Downloads.Quick with { Retries = 0 }),
            Throws.TypeOf<DownloadException>().With.Message.Contains($"{part} keeps 123 kB of 400 kB: run the same command to go on"));
        Assert.That(new FileInfo(part).Length, Is.EqualTo(123_456));
        await dataset.RunAsync(_folder);
        AssertFetched(Data);
        Assert.That(_server.Header(1, "Range"), Is.EqualTo("bytes=123456-"));
    }

    [Test]
    public async Task Without_a_tag_the_time_of_the_last_change_tells_the_file()
    {
        _server.ETag = "W/\"weak\"";
        _server.LastModified = "Mon, 02 Nov 2026 10:00:00 GMT";
        _server.Then(ServerPlan.Cut(1000));
        await Downloads.Dataset(_server, Data).RunAsync(_folder);
        AssertFetched(Data);
        Assert.That(_server.Header(1, "If-Range"), Is.EqualTo(_server.LastModified));
        Assert.That(_server.Header(1, "Range"), Is.EqualTo("bytes=1000-"));
    }

    [Test]
    public async Task A_file_that_cannot_be_recognised_is_begun_anew()
    {
        _server.ETag = null;
        _server.Then(ServerPlan.Cut(1000));
        await Downloads.Dataset(_server, Data).RunAsync(_folder);
        AssertFetched(Data);
        Assert.That(_server.Header(1, "Range"), Is.Null);
    }

    [Test]
    public async Task A_server_without_ranges_is_begun_anew()
    {
        _server.GivesRanges = false;
        _server.Then(ServerPlan.Cut(150_000));
        var notes = new Notes();
        await Downloads.Dataset(_server, Data).RunAsync(_folder, notes: notes);
        AssertFetched(Data);
        Assert.That(notes.Lines, Has.Some.EqualTo("the server gives no parts of files; beginning anew"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_file_that_changed_meanwhile_is_begun_anew(bool heedsIfRange)
    {
        _server.Then(ServerPlan.Cut(150_000));
        var dataset = Downloads.Dataset(_server, published: null);
        Assert.That(() => dataset.RunAsync(_folder, Downloads.Quick with { Retries = 0 }), Throws.TypeOf<DownloadException>());
        (_server.Content, _server.ETag, _server.HeedsIfRange) = (OtherData, "\"two\"", heedsIfRange);
        var notes = new Notes();
        await dataset.RunAsync(_folder, notes: notes);
        AssertFetched(OtherData);
        Assert.That(notes.Lines, Has.Some.Contains(heedsIfRange ? "the server's file has changed" : "another part than the one asked for"));
    }

    [Test]
    public async Task A_shorter_file_than_the_part_is_begun_anew()
    {
        _server.Then(ServerPlan.Cut(150_000));
        var dataset = Downloads.Dataset(_server, published: null);
        Assert.That(() => dataset.RunAsync(_folder, Downloads.Quick with { Retries = 0 }), Throws.TypeOf<DownloadException>());
        _server.Content = OtherData[..100_000];
        _server.HeedsIfRange = false;
        await dataset.RunAsync(_folder);
        AssertFetched(OtherData[..100_000]);
    }

    [Test]
    public async Task A_part_of_another_address_is_not_gone_on_with()
    {
        _server.Then(ServerPlan.Cut(150_000));
        var dataset = Downloads.Dataset(_server, published: null);
        Assert.That(() => dataset.RunAsync(_folder, Downloads.Quick with { Retries = 0 }), Throws.TypeOf<DownloadException>());
        using var mirror = new FileServer(OtherData, "mirror.csv");
        await dataset.RunAsync(_folder, Downloads.Quick with { From = mirror.Address.ToString() });
        AssertFetched(OtherData);
        Assert.That(mirror.Header(0, "Range"), Is.Null);
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("{\"address\": 3}")]
    public async Task A_part_whose_description_is_damaged_is_begun_anew(string description)
    {
        _folder.Write("data.csv.part", OtherData[..1000]);
        _folder.Write("data.csv.part.json", description);
        await Downloads.Dataset(_server, Data).RunAsync(_folder);
        AssertFetched(Data);
    }

    [Test]
    public async Task A_part_that_is_whole_is_not_asked_for_again()
    {
        _server.Then(ServerPlan.Cut(150_000));
        var dataset = Downloads.Dataset(_server, Data);
        Assert.That(() => dataset.RunAsync(_folder, Downloads.Quick with { Retries = 0 }), Throws.TypeOf<DownloadException>());
        File.WriteAllBytes(_folder["data.csv.part"], Data);
        await dataset.RunAsync(_folder);
        AssertFetched(Data);
        Assert.That(_server.Requests, Has.Length.EqualTo(1));
    }

    [TestCase(404, "the file is not there any more")]
    [TestCase(410, "the file is not there any more")]
    [TestCase(403, "it does not give the file to everyone")]
    [TestCase(400, "the server answers 400 Planned")]
    [TestCase(501, "the server answers 501 Planned")]
    public void An_answer_that_no_wait_mends_is_said_at_once(int status, string message)
    {
        _server.Then(ServerPlan.Answer(status));
        Assert.That(
            () => Downloads.Dataset(_server, Data).RunAsync(_folder),
            Throws.TypeOf<DownloadException>().With.Message.Contains(message).And.Message.Contains("--from FILE"));
        Assert.That(_server.Requests, Has.Length.EqualTo(1));
        Assert.That(_folder.Entries, Is.Empty);
    }

    [TestCase(500)]
    [TestCase(503)]
    [TestCase(429)]
    [TestCase(408)]
    public async Task An_answer_that_may_change_is_asked_for_again(int status)
    {
        _server.Then(ServerPlan.Answer(status), ServerPlan.Answer(status));
        await Downloads.Dataset(_server, Data).RunAsync(_folder);
        AssertFetched(Data);
        Assert.That(_server.Requests, Has.Length.EqualTo(3));
    }

    [Test]
    public void Tries_are_bounded()
    {
        _server.Then([.. Enumerable.Repeat(ServerPlan.Answer(503), 20)]);
        Assert.That(
            () => Downloads.Dataset(_server, Data).RunAsync(_folder, Downloads.Quick with { Retries = 3 }),
            Throws.TypeOf<DownloadException>().With.Message.Contains("the server answers 503 Planned; tried 4 times; nothing was fetched"));
        Assert.That(_server.Requests, Has.Length.EqualTo(4));
    }

    [Test]
    public async Task A_try_that_brought_something_counts_anew()
    {
        _server.Then([.. Enumerable.Repeat(ServerPlan.Cut(50_000), 7)]);
        await Downloads.Dataset(_server, Data).RunAsync(_folder, Downloads.Quick with { Retries = 1 });
        AssertFetched(Data);
    }

    [Test]
    public void A_server_without_ranges_that_always_cuts_ends_too()
    {
        _server.GivesRanges = false;
        _server.Then([.. Enumerable.Repeat(ServerPlan.Cut(50_000), 20)]);
        Assert.That(() => Downloads.Dataset(_server, Data).RunAsync(_folder, Downloads.Quick with { Retries = 3 }), Throws.TypeOf<DownloadException>());
        Assert.That(_server.Requests, Has.Length.LessThan(7));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_server_that_falls_silent_counts_as_cut(bool fromTheStart)
    {
        _server.Then(fromTheStart ? new ServerPlan { IsSilent = true } : new ServerPlan { CutAfter = 1000, Stalls = true });
        var notes = new Notes();
        await Downloads.Dataset(_server, Data).RunAsync(_folder, Downloads.Quick with { StallTimeout = TimeSpan.FromSeconds(0.3) }, notes: notes);
        AssertFetched(Data);
        Assert.That(notes.Lines, Has.Some.Contains("the server sent nothing for 0.3 s; trying again"));
    }

    [Test]
    public async Task A_file_of_unknown_length_is_fetched_and_its_cut_noticed()
    {
        _server.GivesLength = false;
        _server.Then(ServerPlan.Cut(1000));
        await Downloads.Dataset(_server, Data).RunAsync(_folder);
        AssertFetched(Data);
        Assert.That(_server.Requests, Has.Length.EqualTo(2));
    }

    [Test]
    public void Another_size_than_the_published_is_refused_before_anything_is_fetched()
    {
        _server.Content = Data[..^1];
        Assert.That(
            () => Downloads.Dataset(_server, Data).RunAsync(_folder),
            Throws.TypeOf<DownloadException>().With.Message.Contains("the server's file has 399999 bytes, and the one known has 400000"));
        Assert.That(_folder.Entries, Is.Empty);
    }

    [Test]
    public void A_web_page_in_the_files_place_is_refused()
    {
        _server.ContentType = "text/html";
        Assert.That(
            () => Downloads.Dataset(_server, published: null).RunAsync(_folder),
            Throws.TypeOf<DownloadException>().With.Message.Contains("the server sends a web page"));
        Assert.That(_folder.Entries, Is.Empty);
    }

    [Test]
    public void An_encoded_file_is_refused()
    {
        _server.Then(new ServerPlan { Headers = "Content-Encoding: gzip\r\n" });
        Assert.That(() => Downloads.Dataset(_server, Data).RunAsync(_folder), Throws.TypeOf<DownloadException>().With.Message.Contains("encoded (gzip)"));
    }

    [Test]
    public void A_server_that_is_not_there_is_one_line()
    {
        _server.Dispose();
        Assert.That(
            () => Downloads.Dataset(_server, Data).RunAsync(_folder, Downloads.Quick with { Retries = 2 }),
            Throws.TypeOf<DownloadException>().With.Message.Contains("the connection failed").And.Message.Contains("tried 3 times"));
        Assert.That(_folder.Entries, Is.Empty);
    }

    [Test]
    public void Whatever_a_server_does_the_file_is_right_or_missing() => (
        from cuts in Gen.Int[0, 400_100].Array[0, 6]
        from givesRanges in Gen.Bool
        from heedsIfRange in Gen.Bool
        from givesLength in Gen.Bool
        from hasTag in Gen.Bool
        from changesAt in Gen.Int[0, 5]
        select (cuts, givesRanges, heedsIfRange, givesLength, hasTag, changesAt)).Sample(
        sample =>
        {
            using var folder = new TemporaryFolder();
            using var server = new FileServer(OtherData, "data.csv");
            (server.GivesRanges, server.HeedsIfRange, server.GivesLength) = (sample.givesRanges, sample.heedsIfRange, sample.givesLength);
            server.ETag = sample.hasTag ? "\"two\"" : null;
            for (var i = 0; i < sample.cuts.Length; i++)
            {
                if (i == sample.changesAt)
                {
                    (server.Content, server.ETag) = (Data, sample.hasTag ? "\"one\"" : null);
                }

                server.Then(ServerPlan.Cut(sample.cuts[i]));
                try
                {
                    Downloads.Dataset(server, Data).RunAsync(folder, Downloads.Quick with { Retries = 0 }).GetAwaiter().GetResult();
                }
                catch (Exception exception) when (exception is DownloadException or DataFormatException)
                {
                    Assert.That(Directory.Exists(folder[Downloads.Name]), Is.False);
                }
            }

            (server.Content, server.ETag) = (Data, sample.hasTag ? "\"one\"" : null);
            Downloads.Dataset(server, Data).RunAsync(folder).GetAwaiter().GetResult();
            Assert.That(File.ReadAllBytes(folder[$"{Downloads.Name}/data.csv"]), Is.EqualTo(Data));
        },
        iter: 30,
        threads: 1);

    private void AssertFetched(byte[] data)
    {
        Assert.That(File.ReadAllBytes(_folder[$"{Downloads.Name}/data.csv"]), Is.EqualTo(data));
        Assert.That(_folder.Entries, Is.EqualTo(new[] { Downloads.Name, $"{Downloads.Name}/data.csv", $"{Downloads.Name}/download.json" }));
    }
}
