namespace LargeRec.Engine.Operations;

/// <summary>The rates of one AdamW update.</summary>
/// <param name="LearningRate">lr.</param>
/// <param name="Beta1">β1.</param>
/// <param name="Beta2">β2.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">wd.</param>
/// <param name="Step">t, from 1.</param>
public readonly record struct AdamWStep(float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay, long Step);
