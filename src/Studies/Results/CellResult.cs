using LargeRec.Retrieval.Runs;
using LargeRec.Studies.Definition;
using LargeRec.Studies.Running;

namespace LargeRec.Studies.Results;

/// <summary>A cell and what is known of it.</summary>
/// <param name="Cell">Which.</param>
/// <param name="State">What became of it.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
/// <param name="Summary">What it measured; null where it is not finished.</param>
/// <param name="Metrics">Every line of its metrics.jsonl.</param>
public sealed record CellResult(StudyCell Cell, CellState State, string? Failure, RunSummary? Summary, IReadOnlyList<MetricsRecord> Metrics)
{
    /// <summary>The mean training loss of the last epoch; null where none is over.</summary>
    public double? Loss => Metrics.Where(record => record.Split == "train").Select(record => record.Find("loss")).LastOrDefault();

    /// <summary>The seed.</summary>
    public ulong Seed => Cell.Configuration.Training.Seed;

    /// <summary>Its places on all axes but the seeds, as text: the same for cells that differ in the seed alone.</summary>
    public string Setting => Cell.SettingWithout();

    /// <summary>loss, or a test metric by its name; null where it is not known.</summary>
    public double? Find(string metric) => Summary is null ? null
        : metric == "loss" ? Loss
        : Summary.Test.TryGetValue(metric, out var value) ? value : null;
}
