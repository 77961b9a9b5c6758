namespace LargeRec.Engine.Operations;

/// <summary>The rates of one AdamW update, in float64 so that 1 − β keeps its digits.</summary>
/// <param name="LearningRate">lr.</param>
/// <param name="Beta1">β1.</param>
/// <param name="Beta2">β2.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">wd.</param>
/// <param name="Step">t, from 1.</param>
public readonly record struct AdamWStep(double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay, long Step)
{
    /// <summary>What every gradient counts: below 1 where the gradients of a step are clipped together.</summary>
    public float GradientScale { get; init; } = 1;
}
