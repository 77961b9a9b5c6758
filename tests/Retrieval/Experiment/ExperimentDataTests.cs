using System.Diagnostics;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;

namespace LargeRec.Retrieval.Tests.Experiment;

public sealed class ExperimentDataTests
{
    [Test]
    public void The_fingerprint_tells_events_order_and_split_apart()
    {
        string[] prints =
        [
            SmallData.Of([[1, 2, 3, 4]]).Fingerprint(),
            SmallData.Of([[1, 2, 3, 2]]).Fingerprint(),
            SmallData.Of([[1, 2], [3, 4]]).Fingerprint(),
            SmallData.Of([[1, 2, 3, 4]], "data.split=published").Fingerprint(),
            SmallData.Of([[1, 2, 3, 4]], "data.split=ratio", "data.test_fraction=0.25").Fingerprint(),
            SmallData.Of([[1, 2, 3, 4]], "data.split=ratio", "data.test_fraction=0.5").Fingerprint(),
            SmallData.Of([[1, 2, 3, 4]], "data.max_length=2").Fingerprint(),
            SmallData.Of([[1, 2, 3, 4], [5]]).Fingerprint(),
            SmallData.Of([[5, 2, 3, 4]]).Fingerprint(), // other raw ids at the same indices
        ];
        Assert.That(SmallData.Of([[1, 2, 3, 4]]).Fingerprint(), Is.EqualTo(prints[0]));
        Assert.That(prints, Is.Unique);
    }

    [Test]
    public void The_generated_log_depends_on_its_own_seed_alone()
    {
        Assert.That(SmallData.Generated("training.seed=5").Fingerprint(), Is.EqualTo(SmallData.Generated().Fingerprint()));
        Assert.That(SmallData.Generated("data.generator.seed=5").Fingerprint(), Is.Not.EqualTo(SmallData.Generated().Fingerprint()));
    }

    [Test]
    public void What_comes_from_the_cache_is_what_was_read()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["events.csv"], "user,item,timestamp\nb,1,3\na,1,1\na,2,2\nb,2,4\na,9,3\n");
        var configuration = EmbeddedConfigurations.Find("csv").Read([$"data.file={folder["events.csv"]}", "data.min_item_events=2"]);
        var options = new ExperimentDataOptions { Cache = new PreparedCache(folder["cache"]) };
        using var read = ExperimentData.Open(configuration, dataDirectory: null);
        using var kept = ExperimentData.Open(configuration, options);
        using var opened = ExperimentData.Open(configuration, options);
        Assert.That(kept.Fingerprint(), Is.EqualTo(read.Fingerprint()));
        Assert.That(opened.Fingerprint(), Is.EqualTo(read.Fingerprint()));
        Assert.That(read.Notes, Has.Some.StartsWith("filter at least 2 events an item (counted once): events 5 -> 4, users 2 -> 2, items 3 -> 2"));
        Assert.That(read.Notes, Has.None.StartsWith("prepared"));
        Assert.That(kept.Notes, Has.Some.StartsWith("prepared: kept in"));
        Assert.That(opened.Notes, Has.Some.StartsWith("prepared before: "));

        // Splits are no part of what is kept, filters are.
        using var split = ExperimentData.Open(configuration with { Data = configuration.Data with { Split = SplitKind.Published } }, options);
        using var filtered = ExperimentData.Open(configuration with { Data = configuration.Data with { MinItemEvents = 0 } }, options);
        Assert.That(split.Notes, Has.Some.StartsWith("prepared before: "));
        Assert.That(filtered.Sequences.EventCount, Is.EqualTo(5));
    }

    [Test]
    public void MovieLens_1M_comes_from_the_cache_in_well_under_a_tenth_of_a_second()
    {
        var folder = Environment.GetEnvironmentVariable("LARGEREC_DATA");
        if (string.IsNullOrEmpty(folder))
        {
            Assert.Ignore("LARGEREC_DATA is not set: it names the folder that has ml-1m");
        }

        using var files = new TemporaryFolder();
        var configuration = EmbeddedConfigurations.Find("ml-1m").Read([]);
        var options = new ExperimentDataOptions { DataDirectory = folder, Cache = new PreparedCache(files["cache"]) };
        using var read = ExperimentData.Open(configuration, options);
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            var clock = Stopwatch.StartNew();
            using var opened = ConfiguredSequences.Open(configuration.Data, options);
            fastest = clock.Elapsed < fastest ? clock.Elapsed : fastest;
            Assert.That(opened.Sequences.EventCount, Is.EqualTo(read.Sequences.EventCount));
        }

        TestContext.Out.WriteLine($"opened in {fastest.TotalMilliseconds:F1} ms");
        Assert.That(fastest, Is.LessThan(TimeSpan.FromSeconds(0.1)));
    }

    [Test]
    public void Without_the_events_that_a_split_needs_it_says_so()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["events.csv"], "user,item,timestamp\na,1,1\na,2,1\n");
        Assert.That(
            () => ExperimentData.Open(EmbeddedConfigurations.Find("csv").Read([$"data.file={folder["events.csv"]}", "data.split=basket"]), null),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains("no user has events both before and in the test of the split basket"));
        Assert.That(
            () => ExperimentData.SplitOf(new DataConfiguration { Split = SplitKind.Temporal, ValidationFrom = "2002-01-01", TestFrom = "2001-01-01" }),
            Throws.InstanceOf<ConfigurationException>()
            .With.Message.EqualTo("data.validation_from is 2002-01-01, after data.test_from 2001-01-01; the validation lies before the test"));
    }

    [TestCase("both")]
    [TestCase("time")]
    public void A_bias_by_time_needs_times(string bias)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["events.csv"], "user,item\na,1\na,2\n");
        string[] overrides = [$"data.file={folder["events.csv"]}", $"model.bias={bias}"];
        Assert.That(
            () => ExperimentData.Open(EmbeddedConfigurations.Find("csv").Read(overrides), null),
            Throws.InstanceOf<ConfigurationException>().With.Message.Contains($"model.bias is {bias}, but").And.Message.Contains("--set model.bias=position"));
    }

    [Test]
    public void Users_of_one_event_cannot_be_tested() =>
        Assert.That(() => SmallData.Of([[1], [2]]), Throws.InstanceOf<DataFormatException>().With.Message.Contains("no user has 2 events"));
}
