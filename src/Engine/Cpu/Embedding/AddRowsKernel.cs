using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Embedding;

/// <summary>table[rows_i] += values_i, the rows being distinct.</summary>
internal readonly unsafe struct AddRowsKernel(float* values, int strideValues, NamedRows rows, float* table, int strideTable) : IRowKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns) => rows.Prefetch(table, row, columns, strideTable);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var source = values + ((long)row * strideValues);
        var target = table + ((long)rows.Of(row) * strideTable);
        for (var c = 0; c < columns; c += TVector.Width)
        {
            var mask = TVector.Mask(Math.Min(TVector.Width, columns - c));
            TVector.StoreMasked(TVector.LoadMasked(target + c, mask) + TVector.LoadMasked(source + c, mask), target + c, mask);
        }
    }
}
