using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

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
    float Decay, float Beta1, float OneMinusBeta1, float Beta2, float OneMinusBeta2, float InverseRoot, float Epsilon, float StepSize, float GradientScale);

/// <summary>One pass over parameter p, gradient g and moments m, v: 16 bytes a value read, 12 written.</summary>
internal readonly unsafe struct AdamWKernel(
    float* p, int strideP, float* g, int strideG, float* m, int strideM, float* v, int strideV, AdamWFactors factors) : IRowKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        Simd.Prefetch.StridedRow(p, row, columns, strideP);
        Simd.Prefetch.StridedRow(g, row, columns, strideG);
        Simd.Prefetch.StridedRow(m, row, columns, strideM);
        Simd.Prefetch.StridedRow(v, row, columns, strideV);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var parameter = p + ((long)row * strideP);
        var gradient = g + ((long)row * strideG);
        var first = m + ((long)row * strideM);
        var second = v + ((long)row * strideV);
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            var (mean, square) = (TVector.Load(first + c), TVector.Load(second + c));
            var updated = Update(TVector.Load(parameter + c), TVector.Load(gradient + c), ref mean, ref square);
            TVector.Store(updated, parameter + c);
            TVector.Store(mean, first + c);
            TVector.Store(square, second + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            var (mean, square) = (TVector.LoadMasked(first + c, mask), TVector.LoadMasked(second + c, mask));
            var updated = Update(TVector.LoadMasked(parameter + c, mask), TVector.LoadMasked(gradient + c, mask), ref mean, ref square);
            TVector.StoreMasked(updated, parameter + c, mask);
            TVector.StoreMasked(mean, first + c, mask);
            TVector.StoreMasked(square, second + c, mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Update<TVector>(TVector value, TVector slope, ref TVector mean, ref TVector square)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        slope = TVector.Broadcast(factors.GradientScale) * slope;
        mean = TVector.MultiplyAdd(TVector.Broadcast(factors.Beta1), mean, TVector.Broadcast(factors.OneMinusBeta1) * slope);
        square = TVector.MultiplyAdd(TVector.Broadcast(factors.Beta2), square, TVector.Broadcast(factors.OneMinusBeta2) * slope * slope);
        var denominator = TVector.MultiplyAdd(TVector.Sqrt(square), TVector.Broadcast(factors.InverseRoot), TVector.Broadcast(factors.Epsilon));
        return TVector.MultiplyAdd(TVector.Broadcast(-factors.StepSize), mean / denominator, TVector.Broadcast(factors.Decay) * value);
    }
}
