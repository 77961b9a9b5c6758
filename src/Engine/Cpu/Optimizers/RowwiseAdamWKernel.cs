using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Normalization;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Optimizers;

/// <summary>AdamW with one second moment a row, v = β2·v + (1 − β2)·mean(g²): p and m read and written, g read, v four bytes a row.</summary>
internal readonly unsafe struct RowwiseAdamWKernel(
    float* p, int strideP, float* g, int strideG, float* m, int strideM, float* v, AdamWFactors factors, NamedRows rows) : IRowKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        rows.Prefetch(p, row, columns, strideP);
        Simd.Prefetch.StridedRow(g, row, columns, strideG);
        rows.Prefetch(m, row, columns, strideM);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var at = rows.Of(row);
        var parameter = p + ((long)at * strideP);
        var gradient = g + ((long)row * strideG);
        var first = m + ((long)at * strideM);
        var squares = RowSums.SumOfSquares<TVector>(gradient, columns) * factors.GradientScale * factors.GradientScale;
        var second = (factors.Beta2 * v[at]) + (factors.OneMinusBeta2 * (squares / columns));
        v[at] = second;
        var stepSize = TVector.Broadcast(-factors.StepSize / ((MathF.Sqrt(second) * factors.InverseRoot) + factors.Epsilon));
        var decay = TVector.Broadcast(factors.Decay);
        var beta = TVector.Broadcast(factors.Beta1);
        var share = TVector.Broadcast(factors.OneMinusBeta1 * factors.GradientScale);
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            var mean = TVector.MultiplyAdd(beta, TVector.Load(first + c), share * TVector.Load(gradient + c));
            TVector.Store(mean, first + c);
            TVector.Store(TVector.MultiplyAdd(stepSize, mean, decay * TVector.Load(parameter + c)), parameter + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            var mean = TVector.MultiplyAdd(beta, TVector.LoadMasked(first + c, mask), share * TVector.LoadMasked(gradient + c, mask));
            TVector.StoreMasked(mean, first + c, mask);
            TVector.StoreMasked(TVector.MultiplyAdd(stepSize, mean, decay * TVector.LoadMasked(parameter + c, mask)), parameter + c, mask);
        }
    }
}
