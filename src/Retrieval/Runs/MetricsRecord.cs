namespace LargeRec.Retrieval.Runs;

/// <summary>One line of metrics.jsonl or timing.jsonl.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Split">train, validation or test.</param>
/// <param name="Metrics">Names and finite numbers, in the order in which they are written.</param>
public sealed record MetricsRecord(long Step, int Epoch, string Split, IReadOnlyList<KeyValuePair<string, double>> Metrics)
{
    /// <summary>The number of a metric, or null.</summary>
    public double? Find(string name)
    {
        foreach (var (key, value) in Metrics)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }
}
