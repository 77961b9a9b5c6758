namespace LargeRec.Retrieval.Configuration;

/// <summary>How the loss is minimised.</summary>
public sealed record OptimizerConfiguration
{
    public OptimizerSetting Kind { get; init; } = OptimizerSetting.AdamW;

    public double LearningRate { get; init; } = 1e-3;

    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.98;

    public double Epsilon { get; init; } = 1e-8;

    public double WeightDecay { get; init; }
}
