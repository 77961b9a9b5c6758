using System.Text;
using CsCheck;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Data.Synthetic;
using LargeRec.Data.Tests.Synthetic;

namespace LargeRec.Data.Tests.Preparation;

public sealed class PreparedFileTests
{
    private static InteractionSequences Generated => InteractionSequences.From(
        InteractionGenerator.Generate(new GeneratorOptions { Users = 30, Items = 40, MaxEvents = 12 }, seed => new SplitMix(seed)));

    [TestCase(true)]
    [TestCase(false)]
    public void Gives_back_what_was_written(bool times)
    {
        using var files = new TemporaryFolder();
        Gen.Select(Gen.Int[0, 6], Gen.Int[1, 9], Gen.Long[-3, 12]).Array[0, 80].Sample(
            events =>
            {
                var expected = InteractionSequences.From(Logs.Of(events, times));
                PreparedFile.Write(files["a.lrd"], expected);
                using var prepared = PreparedFile.Open(files["a.lrd"]);
                SequencesEquality.AssertSame(prepared.Sequences, expected);
            },
            iter: 100,
            threads: 1);
    }

    [Test]
    public void Keeps_side_information_behaviours_titles_and_the_key()
    {
        using var files = new TemporaryFolder();
        var expected = Generated;
        PreparedFile.Write(files["a.lrd"], expected, key: "made from ü");
        using var prepared = PreparedFile.Open(files["a.lrd"]);
        SequencesEquality.AssertSame(prepared.Sequences, expected);
        Assert.That(prepared.Key, Is.EqualTo("made from ü"));
        Assert.That(expected.UserInformation, Is.Not.Empty);
        Assert.That(expected.Catalogue.GetTitle(1), Is.Not.Null);
    }

    [Test]
    public void Histories_are_kept_without_ratings_behaviours_and_side_information()
    {
        using var files = new TemporaryFolder();
        PreparedFile.Write(files["all.lrd"], Generated);
        PreparedFile.Write(files["a.lrd"], Generated, PreparedContents.Histories);
        using var prepared = PreparedFile.Open(files["a.lrd"]);
        SequencesEquality.AssertSameHistories(prepared.Sequences, Generated);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(prepared.Sequences.HasRatings || prepared.Sequences.HasBehaviours, Is.False);
            Assert.That(prepared.Sequences.Ratings.IsEmpty && prepared.Sequences.Behaviours.IsEmpty, Is.True);
            Assert.That(prepared.Sequences.UserInformation, Is.Empty);
            Assert.That(new FileInfo(files["a.lrd"]).Length, Is.LessThan(new FileInfo(files["all.lrd"]).Length));
        }
    }

    [Test]
    public void Numbered_items_keep_their_numbers()
    {
        using var files = new TemporaryFolder();
        var log = new EventLogBuilder("numbers", EventColumns.None);
        log.Add(0, 7);
        log.Add(0, 3);
        var users = new Vocabulary();
        users.GetOrAdd("only");
        var expected = InteractionSequences.From(log.Build(users, ItemVocabulary.Numbered([7, 3, 5], [null, null, null, "Three"])));
        PreparedFile.Write(files["a.lrd"], expected);
        using var prepared = PreparedFile.Open(files["a.lrd"]);
        SequencesEquality.AssertSame(prepared.Sequences, expected);
        Assert.That(prepared.Sequences.Catalogue.Find("4"), Is.Zero);
    }

    [Test]
    public void A_file_that_is_replaced_while_it_is_open_keeps_its_content()
    {
        using var files = new TemporaryFolder();
        var expected = Generated;
        PreparedFile.Write(files["a.lrd"], expected);
        using var prepared = PreparedFile.Open(files["a.lrd"]);
        PreparedFile.Write(files["a.lrd"], InteractionSequences.From(Logs.Of([(0, 1, 1)])));
        SequencesEquality.AssertSame(prepared.Sequences, expected);
        using var replaced = PreparedFile.Open(files["a.lrd"]);
        Assert.That(replaced.Sequences.EventCount, Is.EqualTo(1));
    }

    [Test]
    public void After_disposal_columns_throw_and_ids_stay()
    {
        using var files = new TemporaryFolder();
        PreparedFile.Write(files["a.lrd"], Generated);
        var prepared = PreparedFile.Open(files["a.lrd"]);
        prepared.Dispose();
        prepared.Dispose();
        Assert.That(() => prepared.Sequences.Items.Length, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(prepared.Sequences.UserIds.Find("u3"), Is.EqualTo(2));
        Assert.That(prepared.Sequences.Catalogue.GetId(5), Is.EqualTo("i5"));
    }

    [Test]
    public void A_cut_file_is_told_at_every_length()
    {
        using var files = new TemporaryFolder();
        PreparedFile.Write(files["a.lrd"], InteractionSequences.From(Logs.Of([(0, 1, 1), (1, 2, 2)])));
        var whole = File.ReadAllBytes(files["a.lrd"]);
        for (var length = 0; length < whole.Length; length++)
        {
            var path = files.Write("cut.lrd", whole[..length]);
            Assert.That(() => PreparedFile.Open(path), Throws.TypeOf<DataFormatException>().With.Message.StartsWith(path).And.Message.Not.Contains("\n"));
        }
    }

    [Test]
    public void A_byte_changed_anywhere_is_told_or_changes_nothing()
    {
        using var files = new TemporaryFolder();
        var expected = InteractionSequences.From(Logs.Of([(0, 1, 1), (1, 2, 2), (1, 1, 5)]));
        PreparedFile.Write(files["a.lrd"], expected);
        var whole = File.ReadAllBytes(files["a.lrd"]);
        var told = 0;
        for (var position = 0; position < whole.Length; position++)
        {
            byte[] changed = [.. whole];
            changed[position] ^= 0x10;
            var path = files.Write("changed.lrd", changed);
            try
            {
                using var prepared = PreparedFile.Open(path);
                SequencesEquality.AssertSame(prepared.Sequences, expected);
            }
            catch (DataFormatException fault)
            {
                told++;
                Assert.That(fault.Message, Does.StartWith(path).And.Not.Contain("\n"));
            }
        }

        // What lies between sections is not read; all else is checked.
        Assert.That(told, Is.GreaterThan(whole.Length / 2));
    }

    [Test]
    public void Another_format_version_and_other_files_are_named_as_such()
    {
        using var files = new TemporaryFolder();
        PreparedFile.Write(files["a.lrd"], Generated);
        var bytes = File.ReadAllBytes(files["a.lrd"]);
        bytes[8] = 99;
        Assert.That(
            () => PreparedFile.Open(files.Write("new.lrd", bytes)),
            Throws.TypeOf<DataFormatException>().With.Message.Contains("has format version 99 and this program reads version 1; make it again"));
        Assert.That(
            () => PreparedFile.Open(files.Write("a.csv", "user,item\n1,2\n")),
            Throws.TypeOf<DataFormatException>().With.Message.EndsWith("this is no prepared file of LargeRec; give a file that 'largerec data prepare' wrote"));
        Assert.That(() => PreparedFile.Open(files.Write("empty.lrd", "")), Throws.TypeOf<DataFormatException>().With.Message.Contains("the file is empty"));
        Assert.That(() => PreparedFile.Open(files["none.lrd"]), Throws.InstanceOf<IOException>());
        Assert.That(PreparedFile.IsPrepared(files["a.lrd"]), Is.True);
        Assert.That(PreparedFile.IsPrepared(files["a.csv"]), Is.False);
        Assert.That(PreparedFile.IsPrepared(files["none.lrd"]), Is.False);
    }

    private static IEnumerable<TestCaseData> Impossible()
    {
        var good = InteractionSequences.From(Logs.Of([(0, 1, 1), (0, 2, 5), (1, 2, 2)])).Parts;
        var behaves = good with { Present = good.Present | EventColumns.Behaviours, Behaviours = new([0, 1, 0]), BehaviourNames = ["view"] };
        yield return Case("offsets that fall", good with { Offsets = new([0, 4, 3]) }, "the offset of user 2 is 3 after 4");
        yield return Case("offsets that end early", good with { Offsets = new([0, 1, 2]) }, "users' offsets do not run from 0 to the 3 events");
        yield return Case("an item beyond the table", good with { Items = new([1, 3, 2]) }, "event 1 has item 3; items are 1 .. 2");
        yield return Case("padding as an item", good with { Items = new([1, 2, 0]) }, "event 2 has item 0; items are 1 .. 2");
        yield return Case("times that fall", good with { Times = new([5L, 1, 2]) }, "time 1 comes after 5 among the events of user 0");
        yield return Case("too few times", good with { Times = new([1L, 5]) }, "section Times has 2 values and there are 3 events");
        yield return Case("no number", good with { Ratings = new([0, float.NaN, 1]) }, "event 1 has a rating that is no finite number");
        yield return Case("a behaviour without a name", behaves, "event 1 has behaviour 1 and 1 are named");
        yield return Case("a user without an id", good with { Offsets = new([0, 2, 3, 3]) }, "section UserEnds has 2 values where 3 are expected");
        yield return Case("a code without a value", good with { UserInformation = [new("group", [0, 2], ["a", "b"])] },
            "attribute group has code 2 and 2 values");
        yield return Case("codes for fewer users", good with { UserInformation = [new("group", [0], ["a"])] },
            "attribute group has 1 values where 2 are expected");
        yield return Case("candidates that fall", good with { Catalogue = new(good.Catalogue.Ids, 3, [2, 1], good.Catalogue.Titles) },
            "candidate 1 follows 2; candidates ascend within 1 .. 2");
    }

    [TestCaseSource(nameof(Impossible))]
    public void What_cannot_be_is_told_though_its_checksums_agree(object parts, string reason)
    {
        using var files = new TemporaryFolder();
        PreparedWriter.Write(files["a.lrd"], (SequenceParts)parts, PreparedContents.All, "", CancellationToken.None);
        Assert.That(
            () => PreparedFile.Open(files["a.lrd"]),
            Throws.TypeOf<DataFormatException>()
            .With.Message.EqualTo($"{files["a.lrd"]}: the prepared file is damaged: {reason}; make it again from the data"));
    }

    [TestCase("\"notes\":[]", "\"notes\":[null]", "its description holds null where something is expected")]
    [TestCase("\"behaviour_names\":[]", "\"behaviour_names\":[null]", "its description holds null where something is expected")]
    [TestCase("\"user_information\":[]", "\"user_information\":[null]", "its description holds null where something is expected")]
    [TestCase("\"key\":", "\"k\\ney\":", "its description cannot be read (The JSON property 'k ey' could not be mapped")]
    [TestCase("\"name\":\"test\"", "\"name\":\"\\ud800\"", "its description cannot be read (")]
    [TestCase("\"numbered\":false", "\"numbered\":f\u001blse", "its description cannot be read (")]
    public void A_description_that_cannot_be_is_told_though_its_checksum_agrees(string from, string to, string reason)
    {
        using var files = new TemporaryFolder();
        PreparedFile.Write(files["a.lrd"], InteractionSequences.From(Logs.Of([(0, 1, 1)])));
        var sections = PreparedSections.Of(File.ReadAllBytes(files["a.lrd"]));
        var description = Encoding.UTF8.GetString(sections[0].Bytes);
        if (from == "\"notes\":[]")
        {
            from = description[description.IndexOf("\"notes\":[", StringComparison.Ordinal)..^1];
        }

        Assert.That(description, Does.Contain(from));
        sections[0] = sections[0] with { Bytes = Packed.Utf8(description.Replace(from, to, StringComparison.Ordinal)) };
        var path = files.Write("b.lrd", PreparedSections.ToFile(sections));
        Assert.That(
            () => PreparedFile.Open(path),
            Throws.TypeOf<DataFormatException>().With.Message.StartsWith($"{path}: the prepared file is damaged: {reason}")
            .And.Message.Matches("^\\P{Cc}{1,400}$"));
    }

    [Test]
    public void A_note_with_a_line_break_becomes_one_line()
    {
        using var files = new TemporaryFolder();
        PreparedFile.Write(files["a.lrd"], new InteractionSequences(InteractionSequences.From(Logs.Of([(0, 1, 1)])).Parts with { Notes = ["two\nlines"] }));
        using var prepared = PreparedFile.Open(files["a.lrd"]);
        Assert.That(prepared.Sequences.Notes, Is.EqualTo(new[] { "two lines" }));
    }

    [Test]
    public void A_cancelled_writing_leaves_nothing()
    {
        using var files = new TemporaryFolder();
        Assert.That(
            () => PreparedFile.Write(files["a.lrd"], Generated, cancellation: new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFileSystemEntries(files.FolderPath), Is.Empty);
    }

    [Test]
    public void Many_threads_may_look_ids_up_at_once()
    {
        using var files = new TemporaryFolder();
        PreparedFile.Write(files["a.lrd"], Generated);
        for (var round = 0; round < 20; round++)
        {
            using var prepared = PreparedFile.Open(files["a.lrd"]);
            var ids = prepared.Sequences.UserIds;
            var found = new int[64];
            Parallel.For(0, found.Length, i => found[i] = ids.Find($"u{i % 30 + 1}"));
            Assert.That(found, Is.EqualTo(Enumerable.Range(0, 64).Select(i => i % 30)));
        }
    }

    private static TestCaseData Case(string name, SequenceParts parts, string reason) => new TestCaseData(parts, reason).SetArgDisplayNames(name);
}
