using System.ComponentModel;

namespace LargeRec.Retrieval.Configuration;

/// <summary>How the loss is minimised.</summary>
public sealed record OptimizerConfiguration
{
    [Description("How the loss is minimised.")]
    public OptimizerSetting Kind { get; init; } = OptimizerSetting.AdamW;

    [Description("The optimiser's step size.")]
    public double LearningRate { get; init; } = 1e-3;

    [Description("Decay of the first moment.")]
    public double Beta1 { get; init; } = 0.9;

    [Description("Decay of the second moment.")]
    public double Beta2 { get; init; } = 0.98;

    [Description("Added to the root of the second moment.")]
    public double Epsilon { get; init; } = 1e-8;

    [Description("Decoupled weight decay.")]
    public double WeightDecay { get; init; }
}
