namespace LargeRec.Retrieval.Configuration;

/// <summary>
/// Everything that decides what a run computes. Defaults are the published setting of HSTU on MovieLens 1M
/// (Meta's <c>configs/ml-1m/hstu-sampled-softmax-n128-final.gin</c>). Read by <see cref="ConfigurationReader"/>, written by
/// <see cref="ConfigurationWriter"/>; keys are these names in snake_case.
/// </summary>
public sealed record RunConfiguration
{
    /// <summary>Which events, and how they are cut.</summary>
    public DataConfiguration Data { get; init; } = new();

    /// <summary>The network.</summary>
    public ModelConfiguration Model { get; init; } = new();

    /// <summary>What is minimised.</summary>
    public LossConfiguration Loss { get; init; } = new();

    /// <summary>How it is minimised.</summary>
    public OptimizerConfiguration Optimizer { get; init; } = new();

    /// <summary>For how long, and from which seed.</summary>
    public TrainingConfiguration Training { get; init; } = new();

    /// <summary>What is measured, and how.</summary>
    public EvaluationConfiguration Evaluation { get; init; } = new();
}
