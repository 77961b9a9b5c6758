using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Pointwise;

/// <summary>y = value.</summary>
internal readonly unsafe struct FillKernel(float* y, int strideY, float value) : IRowKernel
{
    public void Prefetch(int row, int columns)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector> => new Span<float>(y + ((long)row * strideY), columns).Fill(value);
}
