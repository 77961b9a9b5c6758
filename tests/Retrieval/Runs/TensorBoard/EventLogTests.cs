using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Tests.Runs.TensorBoard;

public sealed class EventLogTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, 500, TimeSpan.Zero);

    [Test]
    public void What_is_written_an_independent_reader_reads()
    {
        using var folder = new TemporaryFolder();
        var log = RunFolder.Create(folder["run"]).Events;
        log.Append(Noon, 10, [KeyValuePair.Create("train/loss", 4.25), KeyValuePair.Create("train/learning_rate", 0.0)]);
        log.Append(Noon.AddSeconds(2), 300_000_000_000, [KeyValuePair.Create("validation/ndcg@10", 0.1)]);
        Assert.That(Path.GetFileName(log.FilePath), Is.EqualTo("events.out.tfevents.1772625600.largerec"));
        var events = EventReader.Read(log.FilePath!);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(events, Has.Count.EqualTo(3));
            Assert.That(events[0].FileVersion, Is.EqualTo("brain.Event:2"));
            Assert.That(events[0].WallTime, Is.EqualTo(1772625600.5));
            Assert.That(events[1].Step, Is.EqualTo(10));
            Assert.That(events[1].Summary.Value.Select(v => (v.Tag, v.SimpleValue)), Is.EqualTo(new[] { ("train/loss", 4.25f), ("train/learning_rate", 0f) }));
            Assert.That(events[1].Summary.Value[1].HasSimpleValue, "a zero is written, too");
            Assert.That(events[2].Step, Is.EqualTo(300_000_000_000));
            Assert.That(events[2].WallTime, Is.EqualTo(1772625602.5));
            Assert.That(events[2].Summary.Value.Single().SimpleValue, Is.EqualTo(0.1f));
        }
    }

    [Test]
    public void The_readers_checksum_is_the_published_one()
    {
        // RFC 3720, B.4, and the usual check value.
        Assert.That(EventReader.Crc32C(new byte[32]), Is.EqualTo(0x8A9136AA));
        Assert.That(EventReader.Crc32C("123456789"u8), Is.EqualTo(0xE3069283));
    }

    [Test]
    public void The_length_depends_on_no_clock_and_no_value()
    {
        using var folder = new TemporaryFolder();
        var (a, b) = (RunFolder.Create(folder["a"]).Events, RunFolder.Create(folder["b"]).Events);
        a.Append(DateTimeOffset.UnixEpoch, 7, [KeyValuePair.Create("x", 0.0)]);
        b.Append(Noon, 7, [KeyValuePair.Create("x", 1e30)]);
        Assert.That(a.Flush(), Is.EqualTo(b.Flush()));
    }

    [Test]
    public void Cut_back_no_event_is_there_twice_and_a_later_file_replaces_the_first()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder["run"]);
        run.Events.Append(Noon, 1, [KeyValuePair.Create("x", 1.0)]);
        var length = run.Events.Flush();
        run.Events.Append(Noon, 2, [KeyValuePair.Create("x", 2.0)]);
        File.AppendAllText(run.Events.FilePath!, "half a record");
        var later = Noon.AddHours(1);
        run.Events.CutBackToLength(later, length);
        run.Events.Append(later, 2, [KeyValuePair.Create("x", 2.0)]);
        Assert.That(EventReader.Read(run.Events.FilePath!).Select(e => e.Step), Is.EqualTo(new[] { 0L, 1, 2 }));
        Assert.That(Directory.GetFiles(run.FolderPath, "events*").Select(Path.GetFileName), Is.EqualTo(new[] { "events.out.tfevents.1772629200.largerec" }));
    }

    [Test]
    public void A_cut_that_was_ended_halfway_is_finished()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder["run"]);
        run.Events.Append(Noon, 1, [KeyValuePair.Create("x", 1.0)]);
        var length = run.Events.Flush();
        var first = run.Events.FilePath!;
        var whole = File.ReadAllBytes(first);
        run.Events.Append(Noon, 2, [KeyValuePair.Create("x", 2.0)]);
        File.WriteAllBytes(first.Replace("1772625600", "1772625700", StringComparison.Ordinal), whole);
        run.Events.CutBackToLength(Noon.AddHours(1), length);
        Assert.That(Directory.GetFiles(run.FolderPath, "events*"), Has.Length.EqualTo(1));
        Assert.That(File.ReadAllBytes(run.Events.FilePath!), Is.EqualTo(whole));
    }

    [Test]
    public void Nothing_to_keep_leaves_nothing_and_deleted_events_stay_deleted()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder["run"]);
        run.Events.CutBackToLength(Noon, 0);
        run.Events.CutBackToLength(Noon, 50);
        Assert.That(run.Events.FilePath, Is.Null);
        run.Events.Append(Noon, 1, [KeyValuePair.Create("x", 1.0)]);
        run.Events.CutBackToLength(Noon, 0);
        Assert.That(run.Events.FilePath, Is.Null);
        Assert.That(run.Events.Flush(), Is.Zero);
    }
}
