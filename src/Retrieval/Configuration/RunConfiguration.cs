using System.ComponentModel;

namespace LargeRec.Retrieval.Configuration;

/// <summary>
/// Everything that decides what a run computes. Defaults are the published setting of HSTU on MovieLens 1M
/// (Meta's <c>configs/ml-1m/hstu-sampled-softmax-n128-final.gin</c>). Read by <see cref="ConfigurationReader"/>, written by
/// <see cref="ConfigurationWriter"/>; keys are these names in snake_case.
/// </summary>
public sealed record RunConfiguration
{
    /// <summary>Which events, and how they are cut.</summary>
    [Description("Which events, and how they are cut.")]
    public DataConfiguration Data { get; init; } = new();

    /// <summary>The network.</summary>
    [Description("The network.")]
    public ModelConfiguration Model { get; init; } = new();

    /// <summary>What is minimised.</summary>
    [Description("What is minimised.")]
    public LossConfiguration Loss { get; init; } = new();

    /// <summary>How it is minimised.</summary>
    [Description("How it is minimised.")]
    public OptimizerConfiguration Optimizer { get; init; } = new();

    /// <summary>For how long, and from which seed.</summary>
    [Description("For how long, and from which seed.")]
    public TrainingConfiguration Training { get; init; } = new();

    /// <summary>What is measured, and how.</summary>
    [Description("What is measured, and how.")]
    public EvaluationConfiguration Evaluation { get; init; } = new();
}
