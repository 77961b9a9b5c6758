using System.ComponentModel;

namespace LargeRec.Retrieval.Configuration;

/// <summary>
/// Everything that decides what a run computes. Defaults are the published setting of HSTU on MovieLens 1M
/// (Meta's <c>configs/ml-1m/hstu-sampled-softmax-n128-final.gin</c>). Read by <see cref="ConfigurationReader"/>, written by
/// <see cref="ConfigurationWriter"/>; keys are these names in snake_case. What a key means is said once, in its Description, which the JSON Schema shows too.
/// </summary>
public sealed record RunConfiguration
{
    [Description("Which events, and how they are cut.")]
    public DataConfiguration Data { get; init; } = new();

    [Description("The network.")]
    public ModelConfiguration Model { get; init; } = new();

    [Description("What is minimised.")]
    public LossConfiguration Loss { get; init; } = new();

    [Description("How it is minimised.")]
    public OptimizerConfiguration Optimizer { get; init; } = new();

    [Description("For how long, and from which seed.")]
    public TrainingConfiguration Training { get; init; } = new();

    [Description("What is measured, and how.")]
    public EvaluationConfiguration Evaluation { get; init; } = new();

    [Description("How next items are found for users.")]
    public InferenceConfiguration Inference { get; init; } = new();
}
