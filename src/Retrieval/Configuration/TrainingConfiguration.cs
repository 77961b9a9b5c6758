namespace LargeRec.Retrieval.Configuration;

/// <summary>For how long, and from which seed.</summary>
public sealed record TrainingConfiguration
{
    /// <summary>How often every user's sequence is seen.</summary>
    public int Epochs { get; init; } = 101;

    /// <summary>B, sequences a step; the last batch of an epoch may be smaller.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Decides initial weights, order, negatives and dropout.</summary>
    public ulong Seed { get; init; } = 42;
}
