using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Pointwise;

/// <summary>y += factor·x, each value with one rounding.</summary>
internal readonly unsafe struct AddKernel(float* x, int strideX, float* y, int strideY, float factor) : IRowKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        Simd.Prefetch.StridedRow(x, row, columns, strideX);
        Simd.Prefetch.StridedRow(y, row, columns, strideY);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var source = x + ((long)row * strideX);
        var sum = y + ((long)row * strideY);
        var factors = TVector.Broadcast(factor);
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            TVector.Store(TVector.MultiplyAdd(factors, TVector.Load(source + c), TVector.Load(sum + c)), sum + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            var value = TVector.MultiplyAdd(factors, TVector.LoadMasked(source + c, mask), TVector.LoadMasked(sum + c, mask));
            TVector.StoreMasked(value, sum + c, mask);
        }
    }
}
