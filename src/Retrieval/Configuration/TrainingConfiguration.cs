using System.ComponentModel;

namespace LargeRec.Retrieval.Configuration;

/// <summary>For how long, and from which seed.</summary>
public sealed record TrainingConfiguration
{
    [Description("How often every user's sequence is seen.")]
    public int Epochs { get; init; } = 101;

    [Description("B, sequences a forward; the last batch of an epoch may be smaller.")]
    public int BatchSize { get; init; } = 128;

    [Description("Batches a step: their gradients are added before the update, in the memory of one.")]
    public int Accumulation { get; init; } = 1;

    [Description("Decides initial weights, order, negatives and dropout.")]
    public ulong Seed { get; init; } = 42;

    [Description("Stochastic length: alpha, above 1 and at most 2; training cuts a history of n events, N being data.max_length, to N^(alpha/2) with "
        + "probability 1 - N^alpha/n^2; null: none is cut.")]
    public double? StochasticLength { get; init; }

    [Description("Which events stay of a history that stochastic length cuts: the latest, or some drawn at random, in their order.")]
    public StochasticSelectionSetting StochasticSelection { get; init; } = StochasticSelectionSetting.Latest;

    [Description("Steps from one checkpoint to the next, beside the one at each epoch's end; null: that one only.")]
    public int? CheckpointEvery { get; init; }

    [Description("Validations without a new best after which training stops; null: it goes on.")]
    public int? EarlyStopping { get; init; }
}
