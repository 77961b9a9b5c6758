using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Normalization;

/// <summary>
/// dx (+)= r·(dy − mean(dy) − n·mean(dy·n)) with n = r·(x − mean x). The mean of dy·n is taken of dy about its mean: n sums to 0, and so large a
/// common part of dy costs no digits.
/// </summary>
internal readonly unsafe struct LayerNormBackwardKernel(
    float* x, int strideX, float epsilon, float* dy, int strideDy, float* dx, int strideDx, bool accumulate) : IRowKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        Simd.Prefetch.StridedRow(x, row, columns, strideX);
        Simd.Prefetch.StridedRow(dy, row, columns, strideDy);
        Simd.Prefetch.StridedRow(dx, row, columns, strideDx);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var source = x + ((long)row * strideX);
        Propagate<TVector>(
            source, LayerNormRow.Of<TVector>(source, columns, epsilon), dy + ((long)row * strideDy), dx + ((long)row * strideDx), columns, accumulate);
    }

    /// <summary>One row's gradient, its statistics known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Propagate<TVector>(float* x, LayerNormRow norm, float* dy, float* dx, int columns, bool accumulate)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var upstreamMean = RowSums.Sum<TVector>(dy, columns) / columns;
        var product = RowSums.ProductAround<TVector>(x, norm.Mean, dy, upstreamMean, columns);

        // dx = r·(dy − mean dy) − (x − mean x)·(r³·Σ(x − mean x)·dy/D)
        var (mean, meanDy, scale) = (TVector.Broadcast(norm.Mean), TVector.Broadcast(upstreamMean), TVector.Broadcast(norm.Scale));
        var slope = TVector.Broadcast(-(norm.Scale * norm.Scale) * (product / columns));
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            var value = TVector.MultiplyAdd(TVector.Load(x + c) - mean, slope, TVector.Load(dy + c) - meanDy);
            TVector.Store(accumulate ? TVector.MultiplyAdd(value, scale, TVector.Load(dx + c)) : value * scale, dx + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            var value = TVector.MultiplyAdd(TVector.LoadMasked(x + c, mask) - mean, slope, TVector.LoadMasked(dy + c, mask) - meanDy);
            value = accumulate ? TVector.MultiplyAdd(value, scale, TVector.LoadMasked(dx + c, mask)) : value * scale;
            TVector.StoreMasked(value, dx + c, mask);
        }
    }
}
