using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Tests;

/// <summary>Run folders made by hand, without a training.</summary>
internal static class SmallRun
{
    public const string Protocol = "leave-one-out, last event = test; full ranking of 40 candidates";

    /// <summary>A run of three epochs, as training leaves it.</summary>
    public static RunFolder Finished(string path, double ndcg = 0.25, string protocol = Protocol, int items = 40, string? file = null,
        params string[] overrides)
    {
        var run = Unfinished(path, file, overrides);
        Summary(ndcg, protocol, items).Write(run.SummaryPath);
        return run;
    }

    /// <summary>A run that was stopped after its third epoch of five.</summary>
    public static RunFolder Unfinished(string path, string? file = null, params string[] overrides)
    {
        var run = RunFolder.Create(path);
        var configuration = SmallData.Configuration(["training.epochs=5", .. overrides]);
        run.WriteConfiguration(file is null
            ? configuration
            : configuration with { Data = configuration.Data with { Name = DataConfiguration.Delimited, File = file, Generator = null } });
        RunEnvironment.Detect("cpu", 256, 2, 7).Write(run.EnvironmentPath);
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            MetricsLog.Append(run.MetricsPath, new MetricsRecord(10 * epoch, epoch, "train", [KeyValuePair.Create("loss", 4.0 / epoch)]));
            MetricsLog.Append(run.MetricsPath, new MetricsRecord(10 * epoch, epoch, "validation",
                [KeyValuePair.Create("hr@10", 0.1 * epoch), KeyValuePair.Create("ndcg@10", 0.05 * epoch), KeyValuePair.Create("mrr", 0.04 * epoch)]));
            MetricsLog.Append(run.TimingPath, new MetricsRecord(10 * epoch, epoch, "train",
                [KeyValuePair.Create("seconds", 0.5), KeyValuePair.Create("tokens_per_second", 150_000.0 + epoch)]));
        }

        return run;
    }

    public static RunSummary Summary(double ndcg = 0.25, string protocol = Protocol, int items = 40) => new()
    {
        Test = Metrics(ndcg),
        Validation = Metrics(ndcg + 0.01),
        Intervals = new Dictionary<string, IReadOnlyDictionary<string, double[]>>
        { ["test"] = new Dictionary<string, double[]> { ["ndcg@10"] = [ndcg - 0.02, ndcg + 0.02] } },
        Floors = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["popularity"] = Metrics(0.05), ["markov"] = Metrics(0.1) },
        Protocol = protocol,
        Tests = 60,
        Users = 60,
        Items = items,
        Step = 30,
        Epoch = 3,
        Seconds = 12.5,
    };

    private static Dictionary<string, double> Metrics(double ndcg) => new() { ["hr@10"] = 2 * ndcg, ["ndcg@10"] = ndcg, ["mrr"] = ndcg / 2 };
}
