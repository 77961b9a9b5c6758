using LargeRec.Data.Catalogue;
using LargeRec.Data.Download;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Data.Storage;
using LargeRec.Data.Synthetic;
using LargeRec.Engine.Cpu;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Evaluation;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Metrics;
using LargeRec.Retrieval.Recommendations;
using LargeRec.Retrieval.Reports;
using LargeRec.Retrieval.Runs;
using LargeRec.Training;

namespace LargeRec.Cli.Tests;

/// <summary>The blocks of docs/embedding.md, word for word and in its order: <see cref="EmbeddingTests"/> compares the two and runs these.</summary>
internal static class EmbeddingExamples
{
    public static void Inspect()
    {
        // Inspect begins
        var options = new DelimitedLogOptions { Columns = new ColumnMapping { User = "user", Item = "item", Time = "timestamp" } };
        var log = LogFile.Read("events.csv", options, new ReadingOptions { SkipBadRows = true });
        var sequences = InteractionSequences.From(log);
        foreach (var note in sequences.Notes)
        {
            Console.WriteLine(note);
        }

        var numbers = SequenceStatistics.Of(sequences);
        Console.WriteLine($"{numbers.Users} users, {numbers.Items} items, {numbers.Events} events, density {numbers.Density:P1}");

        var split = DataSplit.Of(sequences, new SplitOptions { Kind = SplitKind.Temporal });
        foreach (var line in LeakageCheck.Of(sequences, split).Lines())
        {
            Console.WriteLine(line);
        }

        // Inspect ends
    }

    public static void Prepare()
    {
        // Prepare begins
        var sequences = InteractionSequences.From(LogFile.Read("events.csv"));
        PreparedFile.Write("events.lrd", EventFilter.Apply(sequences, new EventFilterOptions { KCore = 3 }));

        using var prepared = PreparedFile.Open("events.lrd");
        var firstUser = prepared.Sequences.UserIds.GetText(0);
        var firstItem = prepared.Sequences.Catalogue.GetId(prepared.Sequences.Items[0]);
        Console.WriteLine($"{firstUser} began with {firstItem}");

        // Prepare ends
    }

    public static void Generate()
    {
        // Generate begins
        var log = GeneratedLog.Generate(new GeneratorOptions { Users = 200, Items = 100, Seed = 7 });
        AtomicFile.Write("generated.csv", stream => EventLogWriter.WriteCsv(log, stream));

        // Generate ends
    }

    public static async Task Download()
    {
        // Download begins
        var dataset = PublishedDatasets.Find("taobao")!;
        Console.WriteLine(dataset.Terms.Text);

        // Without From it comes from the publisher, who may want the terms agreed to.
        using var downloader = new Downloader(new DownloadOptions { From = "UserBehavior.csv.zip" });
        var downloaded = await downloader.DownloadAsync(dataset, "data");
        Console.WriteLine($"{downloaded.Files} file in {downloaded.Folder}: {downloaded.Verification}");

        // Download ends
    }

    public static void Configure()
    {
        // Configure begins
        var configuration = EmbeddedConfigurations.Find("csv").Read(["data.file=events.csv", "data.split=validated", "training.epochs=2"]);
        AtomicFile.WriteText("mine.json", ConfigurationWriter.ToJson(configuration));

        var longer = ConfigurationReader.ReadFile("mine.json", ["training.epochs=3"]);
        foreach (var difference in ConfigurationDifference.Between(configuration, longer))
        {
            Console.WriteLine($"{difference.Key}: {string.Join(" or ", difference.Values)}");
        }

        AtomicFile.WriteText("largerec.schema.json", ConfigurationJsonSchema.ToJson());

        // Configure ends
    }

    public static void Train()
    {
        // Train begins
        using var device = new CpuDevice(threads: 2);
        using var stop = new CancellationTokenSource();
        var options = new TrainingRunOptions { RunDirectory = "runs/mine", Cache = new PreparedCache("cache") };
        try
        {
            TrainingRun.Execute(ConfigurationReader.ReadFile("mine.json"), device, options, new StopAfterOneEpoch(stop), stop.Token);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("stopped and saved");
        }

        // Train ends
    }

    public static void Resume()
    {
        // Resume begins
        using var device = new CpuDevice();
        var finished = TrainingRun.Resume("runs/mine", device, new ResumeOptions { Overrides = ["training.epochs=3"] });
        Console.WriteLine(finished is null ? "it was finished before" : $"NDCG@10 {finished.Summary.Test["ndcg@10"]:F4}");

        // Resume ends
    }

    public static void Evaluate()
    {
        // Evaluate begins
        using var device = new CpuDevice();
        var run = RunFolder.Open("runs/mine");
        var configuration = run.ReadConfiguration();
        using var data = ExperimentData.Open(configuration, new ExperimentDataOptions());
        var model = ModelFactory.Create(device, configuration, data.Sequences.Catalogue.TableRows);
        WeightsChoice.Of(run, "best").LoadInto(model);

        var metrics = new Evaluator(configuration.Evaluation, data).Evaluate(model, device, data.Split.Test);
        Console.WriteLine($"MRR {metrics.Values["mrr"]:F4} over {metrics.Count} tests");
        foreach (var breakdown in Breakdown.All(data, data.Split.Test, metrics.Ranks, resamples: 0, seed: 1))
        {
            foreach (var group in breakdown.Groups)
            {
                Console.WriteLine($"{breakdown.Name} {group.Name}: {group.Count} tests, NDCG@10 {group.Ndcg:F4}");
            }
        }

        // Evaluate ends
    }

    public static void Recommend()
    {
        // Recommend begins
        using var device = new CpuDevice();
        using var recommender = Recommender.Open(RunFolder.Open("runs/mine"), device);

        // One user of the data.
        foreach (var item in recommender.Recommend("u1", count: 3))
        {
            Console.WriteLine($"{item.Rank}. {item.Title ?? item.ItemId} {item.Score:F3}");
        }

        // Somebody new, or a session: the items, oldest first.
        var history = recommender.HistoryOf(["i3", "i14", "i15"]);
        var next = recommender.Recommend(history, new RecommendationOptions { Count = 5, IncludeHistory = true });
        Console.WriteLine($"after those: {string.Join(" ", next.Items.Select(item => item.ItemId))}");

        // A session that goes on: until the window is full, an event costs what it adds.
        using var session = recommender.Follow(recommender.HistoryOf(["i3", "i14"], times: [1_000_000, 1_060_000]));
        session.Add("i15", 1_120_000);
        Console.WriteLine($"now {session.Recommend(new RecommendationOptions { Count = 1, At = 1_150_000 }).Items[0].ItemId}");

        // Everybody, a batch after the other; memory does not grow with the users.
        var lists = recommender.Recommend(Enumerable.Range(0, recommender.Sequences.UserCount), new RecommendationOptions { Count = 10 });
        AtomicFile.Write("top10.csv", stream => RecommendationWriter.WriteCsv(stream, lists));

        // Recommend ends
    }

    public static void Compare()
    {
        // Compare begins
        foreach (var overview in RunOverview.List("runs"))
        {
            Console.WriteLine($"{overview.Name}: {overview.State}, NDCG@10 {overview.Find("ndcg@10"):F4} {overview.Problem}");
        }

        var comparison = RunComparison.Of("runs/mine", "runs/other");
        foreach (var difference in comparison.Differences)
        {
            Console.WriteLine($"{difference.Key}: {string.Join(" or ", difference.Values)}");
        }

        Console.WriteLine($"report: {RunReport.Write(RunFolder.Open("runs/mine"))}");

        // Compare ends
    }
}

// Observer begins
internal sealed class StopAfterOneEpoch(CancellationTokenSource stop) : ITrainingObserver
{
    public void Note(string line) => Console.WriteLine(line);

    public void EpochEnded(int epoch, double loss, string split, RankingMetrics? metrics)
    {
        Console.WriteLine($"epoch {epoch}: loss {loss:F3}, {split} NDCG@10 {metrics?.Values["ndcg@10"]:F4}");
        stop.Cancel();
    }
}

// Observer ends
