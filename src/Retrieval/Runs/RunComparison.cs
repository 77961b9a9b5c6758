using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Runs;

/// <summary>Finished runs side by side: what each of them measured, where their configurations differ, and why their numbers may not be comparable.</summary>
public sealed class RunComparison
{
    private RunComparison(RunOverview[] runs)
    {
        Runs = runs;
        Metrics = [.. runs.SelectMany(run => run.Summary!.Test.Keys).Distinct()];
        Differences = ConfigurationDifference.Between([.. runs.Select(run => run.Configuration!)]);
        Warnings = [.. FindWarnings(runs)];
    }

    public IReadOnlyList<RunOverview> Runs { get; }

    /// <summary>The names of the test metrics that at least one run has.</summary>
    public IReadOnlyList<string> Metrics { get; }

    /// <summary>The keys that the configurations do not agree on.</summary>
    public IReadOnlyList<ConfigurationDifference> Differences { get; }

    /// <summary>Why the numbers are not comparable, a line each; empty where protocol and data are the same.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads and compares runs.</summary>
    /// <param name="paths">Two folders or more.</param>
    /// <exception cref="RunFolderException">One is no run, cannot be read or is not finished.</exception>
    public static RunComparison Of(params IReadOnlyList<string> paths)
    {
        if (paths.Count < 2)
        {
            throw new ArgumentException("a comparison takes two runs or more");
        }

        var runs = paths.Select(RunOverview.Read).ToArray();
        foreach (var run in runs)
        {
            if (run.Summary is null)
            {
                throw new RunFolderException(run.Problem ?? $"{run.Path}: this run is not finished and has no test metrics yet; compare finished ones");
            }
        }

        return new RunComparison(runs);
    }

    /// <summary>The 95% interval of a run's test metric, or null where none was computed.</summary>
    public static (double Low, double High)? IntervalOf(RunOverview run, string metric) =>
        run.Summary?.Intervals.GetValueOrDefault("test")?.GetValueOrDefault(metric) is [var low, var high] ? (low, high) : null;

    private static IEnumerable<string> FindWarnings(RunOverview[] runs)
    {
        if (Differ(runs, run => run.Summary!.Protocol))
        {
            yield return "the protocols differ: numbers of different protocols are not comparable";
        }

        if (Differ(runs, run => (run.Summary!.Tests, run.Summary.Users, run.Summary.Items)))
        {
            yield return "the numbers of tested events, of their users or of candidates differ: these are not the same data, and the numbers are "
                + "not comparable";
        }
        else if (Differ(runs, Fingerprint))
        {
            yield return "the events or their split differ (the data's fingerprint): the numbers are not comparable";
        }
        else if (Differ(runs, run => run.Configuration!.Data.Name))
        {
            yield return "the data sets differ by name: the numbers are not comparable";
        }
    }

    private static bool Differ<T>(RunOverview[] runs, Func<RunOverview, T> part)
    {
        // What one run does not say is not held against it.
        var known = runs.Select(part).Where(value => value is not null).ToArray();
        return known.Distinct().Count() > 1;
    }

    /// <summary>What the latest checkpoint says of the data; its tensors are not looked at.</summary>
    private static string? Fingerprint(RunOverview run)
    {
        var store = RunFolder.Open(run.Path).Checkpoints;
        try
        {
            return store.Steps is [.., var last]
                ? RunJson.Read(Path.Combine(store.PathOf(last), Checkpoint.StateName), RunJson.Default.CheckpointState).DataFingerprint
                : null;
        }
        catch (RunFolderException)
        {
            return null;
        }
    }
}
