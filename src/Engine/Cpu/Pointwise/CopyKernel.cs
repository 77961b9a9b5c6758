using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Pointwise;

/// <summary>y = x.</summary>
internal readonly unsafe struct CopyKernel(float* x, int strideX, float* y, int strideY) : IRowKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        Simd.Prefetch.StridedRow(x, row, columns, strideX);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector> =>
        new ReadOnlySpan<float>(x + ((long)row * strideX), columns).CopyTo(new Span<float>(y + ((long)row * strideY), columns));
}
