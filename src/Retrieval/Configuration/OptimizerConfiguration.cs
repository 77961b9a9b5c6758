using System.ComponentModel;

namespace LargeRec.Retrieval.Configuration;

/// <summary>How the loss is minimised.</summary>
public sealed record OptimizerConfiguration
{
    [Description("How the loss is minimised.")]
    public OptimizerSetting Kind { get; init; } = OptimizerSetting.AdamW;

    [Description("How the item table is updated: all rows in each step as published, only the rows that a step uses, or these with one second moment a row.")]
    public TableOptimizerSetting Table { get; init; } = TableOptimizerSetting.AdamW;

    [Description("The optimiser's step size after the warm-up; with a schedule, where it begins.")]
    public double LearningRate { get; init; } = 1e-3;

    [Description("How the learning rate goes on after the warm-up: it stays, or falls along half a cosine to its end at the last step.")]
    public ScheduleSetting Schedule { get; init; } = ScheduleSetting.Constant;

    [Description("Where a falling learning rate ends.")]
    public double FinalLearningRate { get; init; }

    [Description("Steps over which the learning rate rises linearly at the start; 0: none.")]
    public int WarmupSteps { get; init; }

    [Description("The largest norm that the gradients of a step may have, all parameters together; null: any.")]
    public double? ClipNorm { get; init; }

    [Description("Decay of the first moment.")]
    public double Beta1 { get; init; } = 0.9;

    [Description("Decay of the second moment.")]
    public double Beta2 { get; init; } = 0.98;

    [Description("Added to the root of the second moment.")]
    public double Epsilon { get; init; } = 1e-8;

    [Description("Decoupled weight decay.")]
    public double WeightDecay { get; init; }
}
