using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Data.Synthetic;
using LargeRec.Data.Tests.Synthetic;
using LargeRec.Fuzzing;

namespace LargeRec.Data.Tests.Preparation;

public sealed class PreparedFuzzTests
{
    private const string Name = "a.lrd";

    private static readonly string[] Words =
        ["{", "}", "[", "]", "\"", ",", ":", "null", "\\n", "\\ud800", "\"x\\ny\":1,", "[null]", "{\"name\":null}", "\"\"", "\u00ff", "-1", "true", "false",
            "1e999", "\"notes\":[\"a\\nb\"],"];

    [Test]
    public void A_damaged_file_is_told()
    {
        using var files = new TemporaryFolder();
        Fuzz(files, new Mutator(Sound(files), Words).Make);
    }

    /// <summary>What a careless or hostile writer could leave: one section is damaged and the checksums agree, so that everything behind them is
    /// reached.</summary>
    [Test]
    public void A_damaged_section_whose_checksum_agrees_is_read_or_refused_with_one_line_and_nothing_else()
    {
        using var files = new TemporaryFolder();
        var sound = Sound(files).ConvertAll(PreparedSections.Of);
        var mutator = new Mutator([.. sound.SelectMany(sections => sections.Select(s => s.Bytes))], Words);
        Fuzz(files, stream =>
        {
            PreparedSections.Section[] sections = [.. sound[stream.Below(sound.Count)]];

            // The description is what the rest is read by.
            var damaged = stream.Below(3) == 0 ? 0 : stream.Below(sections.Length);
            sections[damaged] = sections[damaged] with { Bytes = mutator.Damage(sections[damaged].Bytes, stream) };
            if (stream.Below(8) == 0)
            {
                sections = [.. sections.Where((_, i) => i != damaged)];
            }

            return PreparedSections.ToFile(sections);
        });
    }

    private static void Fuzz(TemporaryFolder files, Func<FuzzStream, byte[]> make) => new Fuzzer<DataFormatException>(Name, make).Run(bytes =>
    {
        var written = Rewritten(files, bytes);
        FuzzFault.Unless(FuzzFault.Unless(() => Rewritten(files, written), "what was read and written again is refused").AsSpan().SequenceEqual(written),
            "what was read and written again is read as something else");
    });

    private static byte[] Rewritten(TemporaryFolder files, byte[] bytes)
    {
        using var prepared = PreparedFile.Open(files.Write(Name, bytes));
        var sequences = prepared.Sequences;
        Use(sequences);
        PreparedFile.Write(files["again.lrd"], sequences, PreparedContents.All, prepared.Key);
        return File.ReadAllBytes(files["again.lrd"]);
    }

    /// <summary>Asks for all that there is.</summary>
    private static void Use(InteractionSequences sequences)
    {
        FuzzFault.Unless(sequences.Notes.All(note => !note.Any(char.IsControl)), "a note is more than one line");
        FuzzFault.Unless(sequences.Items.Length == sequences.EventCount, "columns differ in length");
        FuzzFault.Unless(!sequences.HasTimes || sequences.Times.Length == sequences.EventCount, "columns differ in length");
        for (var user = 0; user < sequences.UserCount; user++)
        {
            // Ids that are there twice are their writer's fault, and found as either.
            var id = sequences.UserIds[user];
            FuzzFault.Unless(sequences.UserIds[sequences.UserIds.Find(id)].SequenceEqual(id), "a user's id is not found");
        }

        foreach (var item in sequences.Catalogue.Candidates)
        {
            _ = sequences.Catalogue.Find(sequences.Catalogue.GetId(item));
            _ = sequences.Catalogue.GetTitle(item);
        }

        foreach (var attribute in sequences.UserInformation.Concat(sequences.ItemInformation))
        {
            FuzzFault.Unless(attribute.Codes.ToArray().All(code => attribute.Values[code] is not null), "an attribute has a value that is null");
        }
    }

    private static List<byte[]> Sound(TemporaryFolder files)
    {
        var generated = InteractionSequences.From(InteractionGenerator.Generate(new GeneratorOptions { Users = 4, Items = 20, MaxEvents = 6 },
            seed => new SplitMix(seed)));
        var plain = InteractionSequences.From(Logs.Of([(0, 1, 1), (0, 2, 5), (1, 2, 2)]));
        var numbered = new EventLogBuilder("numbers", EventColumns.None);
        numbered.Add(0, 7);
        numbered.Add(0, 3);
        var users = new Vocabulary();
        users.GetOrAdd("only");
        var numbers = InteractionSequences.From(numbered.Build(users, ItemVocabulary.Numbered([7, 3, 5], [null, null, null, "Three"])));
        return [Written(generated, PreparedContents.All), Written(generated, PreparedContents.Histories), Written(plain, PreparedContents.All),
            Written(numbers, PreparedContents.All)];

        byte[] Written(InteractionSequences sequences, PreparedContents contents)
        {
            PreparedFile.Write(files[Name], sequences, contents, "key");
            return File.ReadAllBytes(files[Name]);
        }
    }
}
