using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Optimizers;

/// <summary>The factors of one AdamW update, computed in float64 and rounded once.</summary>
/// <param name="Decay">1 − lr·wd.</param>
/// <param name="Beta1">β1.</param>
/// <param name="OneMinusBeta1">1 − β1.</param>
/// <param name="Beta2">β2.</param>
/// <param name="OneMinusBeta2">1 − β2.</param>
/// <param name="InverseRoot">1/√(1 − β2^t).</param>
/// <param name="Epsilon">ε.</param>
/// <param name="StepSize">lr/(1 − β1^t).</param>
/// <param name="GradientScale">What the gradient counts; a factor of 1 changes no bit.</param>
internal readonly record struct AdamWFactors(
    float Decay, float Beta1, float OneMinusBeta1, float Beta2, float OneMinusBeta2, float InverseRoot, float Epsilon, float StepSize, float GradientScale)
{
    public static AdamWFactors Of(in AdamWStep options)
    {
        double lr = options.LearningRate, beta1 = options.Beta1, beta2 = options.Beta2;
        return new(
            (float)(1 - (lr * options.WeightDecay)),
            (float)beta1,
            (float)(1 - beta1),
            (float)beta2,
            (float)(1 - beta2),
            (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, options.Step))),
            (float)options.Epsilon,
            (float)(lr / (1 - Math.Pow(beta1, options.Step))),
            options.GradientScale);
    }

    /// <summary>The new value of a parameter, and its moments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Update<TVector>(TVector value, TVector slope, ref TVector mean, ref TVector square)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        slope = TVector.Broadcast(GradientScale) * slope;
        mean = TVector.MultiplyAdd(TVector.Broadcast(Beta1), mean, TVector.Broadcast(OneMinusBeta1) * slope);
        square = TVector.MultiplyAdd(TVector.Broadcast(Beta2), square, TVector.Broadcast(OneMinusBeta2) * slope * slope);
        var denominator = TVector.MultiplyAdd(TVector.Sqrt(square), TVector.Broadcast(InverseRoot), TVector.Broadcast(Epsilon));
        return TVector.MultiplyAdd(TVector.Broadcast(-StepSize), mean / denominator, TVector.Broadcast(Decay) * value);
    }
}
