using System.Text.RegularExpressions;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Runs;

/// <summary>What a run folder says at a glance. Reading one never fails: what is wrong with it is part of the answer.</summary>
public sealed partial record RunOverview
{
    private const int LongestNumber = 20;

    /// <summary>The folder, as it was given.</summary>
    public required string Path { get; init; }

    /// <summary>The folder's own name.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path)));

    public required RunState State { get; init; }

    /// <summary>Why it is unreadable, one line; null where it is not.</summary>
    public string? Problem { get; init; }

    /// <summary>Null where it is unreadable.</summary>
    public RunConfiguration? Configuration { get; init; }

    /// <summary>Null where it is not finished.</summary>
    public RunSummary? Summary { get; init; }

    /// <summary>Every line of metrics.jsonl.</summary>
    public IReadOnlyList<MetricsRecord> Metrics { get; init; } = [];

    /// <summary>Epochs trained.</summary>
    public int Epochs { get; init; }

    /// <summary>Seconds that the run took, or has taken so far in its training steps; null where nothing says it.</summary>
    public double? Seconds { get; init; }

    /// <summary>A test metric, or where there is no summary yet the latest measured one; null where there is none.</summary>
    public double? Find(string metric) => Summary is not null
        ? Summary.Test.TryGetValue(metric, out var value) ? value : null
        : Metrics.Select(record => record.Find(metric)).LastOrDefault(found => found is not null);

    /// <summary>Reads a run folder.</summary>
    public static RunOverview Read(string path)
    {
        try
        {
            var folder = RunFolder.Open(path);
            var summary = File.Exists(folder.SummaryPath) ? RunSummary.Read(folder.SummaryPath) : null;
            var metrics = File.Exists(folder.MetricsPath) ? MetricsLog.Read(folder.MetricsPath) : [];
            var timing = File.Exists(folder.TimingPath) ? MetricsLog.Read(folder.TimingPath) : [];
            return new RunOverview
            {
                Path = path,
                State = RunLock.IsHeld(folder) ? RunState.Running : summary is not null ? RunState.Finished : RunState.Stopped,
                Configuration = folder.ReadConfiguration(),
                Summary = summary,
                Metrics = metrics,
                Epochs = metrics.Select(record => record.Epoch).DefaultIfEmpty().Max(),
                Seconds = summary?.Seconds ?? (timing.Count == 0 ? null : timing.Sum(record => record.Find("seconds") ?? 0)),
            };
        }
        catch (Exception e) when (e is RunFolderException or ConfigurationException or IOException or UnauthorizedAccessException)
        {
            return new RunOverview { Path = path, State = RunState.Unreadable, Problem = e.Message };
        }
    }

    /// <summary>The run folders right below a folder, by name, numbers in names by their size; a folder that cannot be read is listed too, an empty one is
    /// not.</summary>
    /// <exception cref="RunFolderException">There is no such folder.</exception>
    public static IReadOnlyList<RunOverview> List(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new RunFolderException($"{directory}: there is no such folder; runs are kept below the folder that training was started in");
        }

        return
        [
            .. Directory.EnumerateDirectories(directory)
                .Where(path => !System.IO.Path.GetFileName(path).StartsWith('.') && Directory.EnumerateFileSystemEntries(path).Any())
                .OrderBy(path => Digits().Replace(System.IO.Path.GetFileName(path), number => number.Value.PadLeft(LongestNumber, '0')), StringComparer.Ordinal)
                .Select(Read),
        ];
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
