using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Normalization;

/// <summary>scales_r = 1/max(‖x_r‖, ε).</summary>
internal readonly unsafe struct L2ScalesKernel(float* x, int strideX, float epsilon, float* scales) : IRowKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns) => Simd.Prefetch.StridedRow(x, row, columns, strideX);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector> =>
        scales[row] = L2NormalizeKernel.Scale<TVector>(x + ((long)row * strideX), columns, epsilon);
}
