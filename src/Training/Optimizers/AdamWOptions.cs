namespace LargeRec.Training.Optimizers;

/// <summary>The rates of AdamW; the defaults are the published ones of HSTU.</summary>
public sealed record AdamWOptions
{
    public double LearningRate { get; init; } = 1e-3;

    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.98;

    public double Epsilon { get; init; } = 1e-8;

    public double WeightDecay { get; init; }

    /// <summary>How the rows of embedding tables move.</summary>
    public TableOptimizer Table { get; init; } = TableOptimizer.AdamW;
}
