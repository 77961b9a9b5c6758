using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Embedding;

/// <summary>output_t = source[rows_t].</summary>
internal readonly unsafe struct GatherRowsKernel(float* source, int strideSource, int* rows, float* output, int strideOutput) : IRowKernel
{
    public void Prefetch(int row, int columns)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector> =>
        new ReadOnlySpan<float>(source + ((long)rows[row] * strideSource), columns).CopyTo(new Span<float>(output + ((long)row * strideOutput), columns));
}
