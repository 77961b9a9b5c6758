using LargeRec.Data.Catalogue;
using LargeRec.Data.Preparation;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Tests.Preparation;

public sealed class PreparedCacheTests
{
    private const string Rows = "user,item,timestamp\na,x,1\na,y,2\n";

    [Test]
    public void Reads_once_and_opens_what_was_kept_afterwards()
    {
        using var files = new TemporaryFolder();
        var path = files.Write("events.csv", Rows);
        using var first = Open(files, path, out var madeFirst);
        using var second = Open(files, path, out var madeSecond);
        Assert.That((madeFirst, madeSecond), Is.EqualTo((true, false)));
        SequencesEquality.AssertSame(second.Sequences, first.Sequences);
        Assert.That(first.Note, Does.StartWith("prepared: kept in "));
        Assert.That(second.Note, Does.StartWith("prepared before: "));
    }

    [Test]
    public void A_changed_source_is_read_again_in_place_of_the_old()
    {
        using var files = new TemporaryFolder();
        var path = files.Write("events.csv", Rows);
        Open(files, path, out _).Dispose();
        files.Write("events.csv", Rows.Replace("y", "z", StringComparison.Ordinal));
        using var changed = Open(files, path, out var made);
        Assert.That(made, Is.True);
        Assert.That(changed.Sequences.Catalogue.GetId(2), Is.EqualTo("z"));
        Assert.That(changed.Note, Does.StartWith("prepared: the files, or this program, have changed since they were prepared; kept in "));
        Assert.That(Kept(files), Has.Length.EqualTo(1));
    }

    [Test]
    public void Other_options_have_a_file_of_their_own()
    {
        using var files = new TemporaryFolder();
        var path = files.Write("events.csv", Rows);
        Open(files, path, out _).Dispose();
        Open(files, path, out var made, options: "k_core=5").Dispose();
        Assert.That(made, Is.True);
        Assert.That(Kept(files), Has.Length.EqualTo(2));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_damaged_file_is_made_again_and_said(bool cut)
    {
        using var files = new TemporaryFolder();
        var path = files.Write("events.csv", Rows);
        Open(files, path, out _).Dispose();
        var kept = Kept(files).Single();
        var bytes = File.ReadAllBytes(kept);
        bytes[^1] ^= 1;
        File.WriteAllBytes(kept, cut ? bytes[..^5] : bytes);
        using var again = Open(files, path, out var made);
        Assert.That(made, Is.True);
        Assert.That(again.Note, Does.StartWith("prepared: the prepared file is damaged: ").And.Contain("kept in"));
        Open(files, path, out made).Dispose();
        Assert.That(made, Is.False);
    }

    [Test]
    public void A_folder_that_cannot_be_written_is_said_and_does_no_harm()
    {
        using var files = new TemporaryFolder();
        var path = files.Write("events.csv", Rows);
        files.Write("cache", "a file where the folder should be");
        using var data = Open(files, path, out var made);
        Assert.That(made, Is.True);
        Assert.That(data.Sequences.EventCount, Is.EqualTo(2));
        Assert.That(data.Note, Does.StartWith("prepared: ").And.Contain("not kept in the cache ("));
    }

    [Test]
    public void While_another_process_writes_nothing_is_kept()
    {
        using var files = new TemporaryFolder();
        var path = files.Write("events.csv", Rows);
        Open(files, path, out _).Dispose();
        var kept = Kept(files).Single();
        File.Delete(kept);
        using var other = FileLock.TryAcquire(kept + ".lock");
        using var data = Open(files, path, out _);
        Assert.That(data.Note, Does.Contain("not kept, since another process is writing"));
        Assert.That(File.Exists(kept), Is.False);
    }

    [Test]
    public void Large_files_are_told_apart_by_pieces_their_length_and_the_time_of_their_change()
    {
        using var files = new TemporaryFolder();
        var content = new byte[70 << 20];
        content[0] = (byte)'u';
        var path = files.Write("large.csv", content);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        var identity = Identity(path);
        Assert.That(Identity(path), Is.EqualTo(identity));

        content[^1] = 1;
        files.Write("large.csv", content);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Assert.That(Identity(path), Is.Not.EqualTo(identity), "the last byte is looked at");
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddSeconds(1));
        Assert.That(Identity(path), Is.Not.EqualTo(identity), "the time is looked at");
    }

    [Test]
    public void Small_files_are_told_by_content_alone()
    {
        using var files = new TemporaryFolder();
        var path = files.Write("small.csv", Rows);
        var identity = Identity(path);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Assert.That(Identity(path), Is.EqualTo(identity));
    }

    [Test]
    public void Nothing_is_kept_of_a_source_that_is_not_there()
    {
        using var files = new TemporaryFolder();
        Assert.That(() => Open(files, files["none.csv"], out _), Throws.TypeOf<DatasetNotFoundException>());
        Assert.That(Directory.Exists(files["cache"]), Is.False);
    }

    private static string Identity(string path) => SourceIdentity.Of(path, null, CancellationToken.None).Identity;

    private static string[] Kept(TemporaryFolder files) => Directory.GetFiles(files["cache"], "*.lrd");

    private static PreparedData Open(TemporaryFolder files, string path, out bool made, string options = "")
    {
        var read = false;
        var data = new PreparedCache(files["cache"]).OpenOrMake(path, null, options, () =>
        {
            read = true;
            return InteractionSequences.From(DatasetCatalogue.Open(path, null));
        });
        made = read;
        return data;
    }
}
