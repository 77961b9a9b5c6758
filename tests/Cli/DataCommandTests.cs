using System.Text.Json;

namespace LargeRec.Cli.Tests;

/// <summary>largerec data inspect, prepare and generate.</summary>
public sealed class DataCommandTests
{
    private const int Usage = 2;
    private const int Data = 3;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Inspect_shows_the_numbers_in_80_columns()
    {
        _folder.Write("events.csv", Events.Usual());
        var result = Run("data", "inspect", "events.csv", "--split", "validated");
        result.AssertSuccess();
        Assert.That(result.OutputLines, Has.Some.Matches("^users +20$"));
        Assert.That(result.OutputLines, Has.Some.Matches("^items +12 with events, 12 candidates$"));
        Assert.That(result.OutputLines, Has.Some.Matches("^events +160; density 66.667%$"));
        Assert.That(result.OutputLines, Has.Some.Matches("^events a user +8 to 8, median 8.0, mean 8.0$"));
        Assert.That(result.OutputLines, Has.Some.StartsWith("no leak: no held-out event is in training"));
        Assert.That(result.OutputLines.Max(line => line.Length), Is.LessThanOrEqualTo(80));
    }

    [Test]
    public void Inspect_writes_json()
    {
        _folder.Write("events.csv", Events.Usual());
        var result = Run("data", "inspect", "events.csv", "--format", "json", "--split", "temporal", "--set", "data.test_fraction=0.25");
        result.AssertSuccess();
        using var document = JsonDocument.Parse(result.Output);
        Assert.That(document.RootElement.GetProperty("statistics").GetProperty("events").GetInt64(), Is.EqualTo(160));
        Assert.That(document.RootElement.GetProperty("leakage").GetProperty("held_out_in_training").GetInt32(), Is.Zero);
        Assert.That(document.RootElement.GetProperty("lempel_ziv_entropy").GetDouble(), Is.GreaterThan(0));
    }

    [Test]
    public void Prepare_keeps_what_later_commands_open()
    {
        _folder.Write("events.csv", Events.Usual());
        var first = Run("data", "prepare", "events.csv", "--cache-dir", "kept");
        first.AssertSuccess();
        Assert.That(first.Output, Is.EqualTo("events.csv: 20 users, 12 candidates, 160 events\n"));
        Assert.That(first.Error, Does.Contain("prepared: kept in "));
        Assert.That(Run(["train", "--data", "events.csv", "--cache-dir", "kept", .. Events.TinyModel]).Error, Does.Contain("prepared before: "));
        var without = Run("data", "inspect", "events.csv", "--no-cache");
        Assert.That(without.Error, Does.Not.Contain("prepared"));
        Assert.That(_folder.Entries.Count(path => path.EndsWith(".lrd", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void A_prepared_file_trains_as_its_source_does()
    {
        _folder.Write("events.csv", Events.Usual());
        var prepared = Run("data", "prepare", "events.csv", "--out", "events.lrd", "--set", "data.k_core=2");
        prepared.AssertSuccess();
        Assert.That(prepared.OutputLines[^1], Does.Match(@"^prepared file: events\.lrd \(\d+\.\d MB\)$"));
        Assert.That(prepared.Error, Does.Contain("filter 2-core (1 rounds): events 160 -> 160, users 20 -> 20, items 12 -> 12"));
        Run(["train", "--data", "events.csv", "--run", "a", "--set", "data.k_core=2", .. Events.TinyModel]).AssertSuccess();
        Run(["train", "--data", "events.lrd", "--run", "b", .. Events.TinyModel]).AssertSuccess();
        Assert.That(File.ReadAllText(_folder["b/metrics.jsonl"]), Is.EqualTo(File.ReadAllText(_folder["a/metrics.jsonl"])));
    }

    [TestCase("temporal")]
    [TestCase("ratio")]
    [TestCase("basket")]
    public void Every_split_trains_and_names_itself_in_the_protocol(string split)
    {
        _folder.Write("events.csv", Events.Csv("user,item,timestamp", (user, item, i) => $"{user},{item},{(3600 * i) + user}", length: 12));
        var result = Run(["train", "--data", "events.csv", "--set", $"data.split={split}", .. Events.TinyModel]);
        result.AssertSuccess();
        Assert.That(result.Output, Does.Contain($"protocol: {split}, "));
    }

    [Test]
    public void Generate_writes_the_same_events_for_the_same_seed()
    {
        string[] size = ["--users", "50", "--items", "200", "--events", "1500"];
        Run(["data", "generate", .. size, "--out", "a.csv"]).AssertSuccess();
        Run(["data", "generate", .. size, "--out", "b.csv"]).AssertSuccess();
        Run(["data", "generate", .. size, "--out", "c.csv", "--seed", "2"]).AssertSuccess();
        var lines = File.ReadAllLines(_folder["a.csv"]);
        Assert.That(lines.Length - 1, Is.EqualTo(1500).Within(300));
        Assert.That(File.ReadAllBytes(_folder["b.csv"]), Is.EqualTo(File.ReadAllBytes(_folder["a.csv"])));
        Assert.That(File.ReadAllBytes(_folder["c.csv"]), Is.Not.EqualTo(File.ReadAllBytes(_folder["a.csv"])));
    }

    [Test]
    public void Generate_writes_the_layout_of_MovieLens_and_prepared_files()
    {
        Run("data", "generate", "--format", "ml-20m", "--users", "100", "--items", "500", "--out", "big").AssertSuccess();
        Assert.That(File.ReadLines(_folder["big/ratings.csv"]).Take(1), Is.EqualTo(["userId,movieId,rating,timestamp"]));
        Assert.That(File.ReadLines(_folder["big/movies.csv"]).Count(), Is.EqualTo(501));
        var inspected = Run("data", "inspect", "big/ratings.csv");
        inspected.AssertSuccess();
        Assert.That(inspected.OutputLines, Has.Some.Matches("^users +100$"));

        Run("data", "generate", "--format", "prepared", "--users", "50", "--out", "small.lrd").AssertSuccess();
        var opened = Run("data", "inspect", "small.lrd");
        opened.AssertSuccess();
        Assert.That(opened.Error, Does.Contain("a prepared file: small.lrd"));
    }

    [TestCase(Usage, "there is no such data set or file: did you mean 'ml-1m'?", "data", "inspect", "ml-2m")]
    [TestCase(Data, "there is no file 'nope.csv'", "data", "inspect", "nope.csv")]
    [TestCase(Usage, "data.split is last; it must be one of published, validated, temporal, ratio, basket", "data", "inspect", "synthetic", "--split", "last")]
    [TestCase(Usage, "data inspect writes table or json", "data", "inspect", "synthetic", "--format", "csv")]
    [TestCase(Usage, "generated data are not kept in the cache; say --out FILE", "data", "prepare", "synthetic")]
    [TestCase(Usage, "data prepare needs the cache or --out FILE", "data", "prepare", "synthetic", "--no-cache")]
    [TestCase(Usage, "--no-cache and --cache-dir c do not go together", "data", "inspect", "synthetic", "--no-cache", "--cache-dir", "c")]
    [TestCase(Usage, "take csv, ml-20m or prepared", "data", "generate", "--format", "xml", "--out", "a")]
    [TestCase(Usage, "generator: Items is 3; allowed is at least 20", "data", "generate", "--items", "3", "--out", "a")]
    [TestCase(Usage, "900 a user; possible are 5 to 450", "data", "generate", "--users", "10", "--events", "9000", "--out", "a")]
    [TestCase(Usage, "data.k_core is -2; it must be at least 0", "data", "inspect", "synthetic", "--set", "data.k_core=-2")]
    [TestCase(Data, "the filter 500-core", "data", "inspect", "synthetic", "--set", "data.k_core=500")]
    public void What_cannot_be_done_is_one_line(int exitCode, string message, params string[] arguments)
    {
        Run(arguments).AssertFailure(exitCode, message);
        Assert.That(_folder.Entries, Is.Empty);
    }

    [Test]
    public void A_damaged_prepared_file_is_one_line()
    {
        Run("data", "generate", "--format", "prepared", "--users", "50", "--out", "small.lrd").AssertSuccess();
        var bytes = File.ReadAllBytes(_folder["small.lrd"]);
        File.WriteAllBytes(_folder["small.lrd"], bytes[..^100]);
        Run("train", "--data", "small.lrd").AssertFailure(Data, "small.lrd: the prepared file is damaged: it has ");
    }

    private CliResult Run(params string[] arguments) => CliProcess.Run(_folder.FolderPath, arguments);
}
