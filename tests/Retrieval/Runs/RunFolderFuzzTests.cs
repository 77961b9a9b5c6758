using LargeRec.Fuzzing;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Tests.Runs;

/// <summary>Damaged files of a run folder.</summary>
public sealed class RunFolderFuzzTests
{
    private static readonly string[] Words =
        ["{", "}", "[", "]", "\"", ",", ":", "\\", "\\n", "\\t", "\\r", "\\\\", "\\ud800", "\t", "\n", "\r", "\r\n", "\0", "\u0085", "\u2028", "\ufeff", "null",
            "[null]", "{}", "1e999", "\"step\":1,", "NaN"];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_damaged_items_tsv_is_read_or_refused_with_one_line_and_nothing_else()
    {
        ItemsFile.Write(_folder["sound"], [new(1, "a", "Tea"), new(2, "b\t1", null), new(7, "\u00fc\\", "two\nlines \"\ud83d\ude00\""), new(8, "", "")]);
        Fuzz("items.tsv", path =>
        {
            var items = ItemsFile.Read(path);
            var again = FuzzFault.Unless(
                () =>
                {
                    ItemsFile.Write(_folder["again"], items);
                    return ItemsFile.Read(_folder["again"]);
                },
                "what was read cannot be written and read again");
            FuzzFault.Unless(again.SequenceEqual(items), "what was read and written again is read as something else");
        });
    }

    [Test]
    public void A_damaged_metrics_jsonl_is_read_or_refused_with_one_line_and_nothing_else()
    {
        MetricsLog.Append(_folder["sound"], new(10, 1, "train", [new("loss", 5.25), new("tokens", 1e15)]));
        MetricsLog.Append(_folder["sound"], new(10, 1, "validation", [new("ndcg@10", 0.1), new("mrr", 1e-300)]));
        MetricsLog.Append(_folder["sound"], new(20, 2, "\u00fc\n", []));
        Fuzz("metrics.jsonl", path =>
        {
            var records = MetricsLog.Read(path);
            var again = _folder["again"];
            File.Delete(again);
            var read = FuzzFault.Unless(
                () =>
                {
                    foreach (var record in records)
                    {
                        MetricsLog.Append(again, record);
                    }

                    return records.Count == 0 ? [] : MetricsLog.Read(again);
                },
                "what was read cannot be written and read again");
            FuzzFault.Unless(read.Select(Text).SequenceEqual(records.Select(Text)), "what was read and written again is read as something else");
        });

        static string Text(MetricsRecord record) => $"{record.Step} {record.Epoch} {record.Split} {string.Join(' ', record.Metrics)}";
    }

    [Test]
    public void A_damaged_summary_is_read_or_refused_with_one_line_and_nothing_else()
    {
        new RunSummary
        {
            Test = new Dictionary<string, double> { ["hr@10"] = 0.5, ["ndcg@10"] = 0.25 },
            Validation = null,
            Intervals = new Dictionary<string, IReadOnlyDictionary<string, double[]>>
            { ["test"] = new Dictionary<string, double[]> { ["hr@10"] = [0.4, 0.6] } },
            Floors = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["popularity"] = new Dictionary<string, double> { ["hr@10"] = 0.1 } },
            Protocol = "published, full ranking",
            Tests = 11,
            Users = 10,
            Items = 20,
            Step = 30,
            Epoch = 2,
            Seconds = 1.5,
        }.Write(_folder["sound"]);
        Fuzz("summary.json", path =>
        {
            var summary = RunSummary.Read(path);
            var (once, twice) = FuzzFault.Unless(() => (Written(summary), Written(RunSummary.Read(_folder["again"]))),
                "what was read cannot be written and read again");
            FuzzFault.Unless(once.AsSpan().SequenceEqual(twice), "what was read and written again is read as something else");
        });
    }

    private byte[] Written(RunSummary summary)
    {
        summary.Write(_folder["again"]);
        return File.ReadAllBytes(_folder["again"]);
    }

    private void Fuzz(string name, Action<string> use)
    {
        var path = _folder[name];
        var mutator = new Mutator([File.ReadAllBytes(_folder["sound"])], Words);
        new Fuzzer<RunFolderException>(name, mutator.Make).Run(bytes =>
        {
            File.WriteAllBytes(path, bytes);
            use(path);
        });
    }
}
