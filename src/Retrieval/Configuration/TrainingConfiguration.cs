using System.ComponentModel;

namespace LargeRec.Retrieval.Configuration;

/// <summary>For how long, and from which seed.</summary>
public sealed record TrainingConfiguration
{
    /// <summary>How often every user's sequence is seen.</summary>
    [Description("How often every user's sequence is seen.")]
    public int Epochs { get; init; } = 101;

    /// <summary>B, sequences a step; the last batch of an epoch may be smaller.</summary>
    [Description("B, sequences a step; the last batch of an epoch may be smaller.")]
    public int BatchSize { get; init; } = 128;

    /// <summary>Decides initial weights, order, negatives and dropout.</summary>
    [Description("Decides initial weights, order, negatives and dropout.")]
    public ulong Seed { get; init; } = 42;
}
