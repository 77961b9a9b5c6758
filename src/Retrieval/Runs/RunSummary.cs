namespace LargeRec.Retrieval.Runs;

/// <summary>summary.json: what came out of a finished run. Metrics go by the names of metrics.jsonl: hr@10, ndcg@10, mrr, ...</summary>
public sealed record RunSummary
{
    /// <summary>Metrics of the test events.</summary>
    public required IReadOnlyDictionary<string, double> Test { get; init; }

    /// <summary>Metrics of the validation events; null where the split has none.</summary>
    public required IReadOnlyDictionary<string, double>? Validation { get; init; }

    /// <summary>95% intervals, [low, high], by split and metric.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double[]>> Intervals { get; init; }

    /// <summary>Test metrics of popularity and markov, by the same protocol.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Floors { get; init; }

    /// <summary>How it was measured, in words.</summary>
    public required string Protocol { get; init; }

    /// <summary>Held-out events in the test: one a user, but with the splits ratio and basket. Without it (summaries of earlier versions) it is the
    /// users.</summary>
    public int Tests
    {
        get => field == 0 ? Users : field;
        init;
    }

    /// <summary>Users whose events these are.</summary>
    public required int Users { get; init; }

    /// <summary>Candidates of the ranking.</summary>
    public required int Items { get; init; }

    /// <summary>The step whose weights were tested.</summary>
    public required long Step { get; init; }

    /// <summary>The epoch whose weights were tested.</summary>
    public required int Epoch { get; init; }

    /// <summary>The epoch after which early stopping ended the training; null where it went through all of them.</summary>
    public int? StoppedEarlyAtEpoch { get; init; }

    /// <summary>Seconds the whole run took; of a run that was resumed, its last part.</summary>
    public required double Seconds { get; init; }

    /// <summary>What it took; null in summaries of evaluations and of earlier versions.</summary>
    public RunCost? Cost { get; init; }

    /// <summary>Writes summary.json.</summary>
    /// <exception cref="RunFolderException">A number is not finite.</exception>
    public void Write(string path)
    {
        foreach (var (name, value) in AllNumbers())
        {
            if (!double.IsFinite(value))
            {
                throw new RunFolderException($"{path}: {name} is {value}; only finite numbers are written");
            }
        }

        RunJson.Write(path, this, RunJson.Default.RunSummary);
    }

    /// <summary>Reads summary.json.</summary>
    /// <exception cref="RunFolderException">It is missing or damaged.</exception>
    public static RunSummary Read(string path)
    {
        var summary = RunJson.Read(path, RunJson.Default.RunSummary);
        return summary.IsWhole && summary.AllNumbers().All(number => double.IsFinite(number.Value))
            ? summary
            : throw new RunFolderException($"{path}: not what was written there: a part of it is null, or a number is not finite");
    }

    /// <summary>Whether no dictionary holds null, which reading lets through whatever their types say, and intervals have two ends.</summary>
    private bool IsWhole => Intervals.Values.All(metrics => metrics is not null && metrics.Values.All(ends => ends is { Length: 2 }))
        && Floors.Values.All(metrics => metrics is not null);

    private IEnumerable<(string Name, double Value)> AllNumbers() =>
    [
        .. Test.Select(m => ($"test {m.Key}", m.Value)),
        .. (Validation ?? new Dictionary<string, double>()).Select(m => ($"validation {m.Key}", m.Value)),
        .. Intervals.SelectMany(s => s.Value.SelectMany(m => m.Value.Select(v => ($"the interval of {s.Key} {m.Key}", v)))),
        .. Floors.SelectMany(f => f.Value.Select(m => ($"the floor {f.Key} {m.Key}", m.Value))),
        ("seconds", Seconds),
        .. Cost?.Numbers() ?? [],
    ];
}
