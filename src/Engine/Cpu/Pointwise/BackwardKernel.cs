using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Engine.Cpu.Pointwise;

/// <summary>dx (+)= f'(x)·dy.</summary>
internal readonly unsafe struct BackwardKernel<TFunction>(
    float* x, int strideX, float* dy, int strideDy, float* dx, int strideDx, bool accumulate) : IRowKernel
    where TFunction : struct, IPointwiseFunction
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
        var upstream = dy + ((long)row * strideDy);
        var gradient = dx + ((long)row * strideDx);
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            var slope = TFunction.Derivative(TVector.Load(source + c));
            var value = TVector.Load(upstream + c);
            TVector.Store(accumulate ? TVector.MultiplyAdd(slope, value, TVector.Load(gradient + c)) : slope * value, gradient + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            var slope = TFunction.Derivative(TVector.LoadMasked(source + c, mask));
            var value = TVector.LoadMasked(upstream + c, mask);
            value = accumulate ? TVector.MultiplyAdd(slope, value, TVector.LoadMasked(gradient + c, mask)) : slope * value;
            TVector.StoreMasked(value, gradient + c, mask);
        }
    }
}
