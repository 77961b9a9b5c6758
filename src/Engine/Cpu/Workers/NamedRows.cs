using System.Runtime.CompilerServices;

namespace LargeRec.Engine.Cpu.Workers;

/// <summary>Which rows of a table a kernel means by 0, 1, 2, ...: some that are named, or, by default, all of them in order.</summary>
internal readonly unsafe struct NamedRows(int* rows, int count)
{
    /// <summary>The table's row that is meant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(int row) => rows == null ? row : rows[row];

    /// <summary>Asks for the memory of a row that comes soon; it may be one beyond the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(float* table, int row, int columns, int stride)
    {
        if (rows == null)
        {
            Simd.Prefetch.StridedRow(table, row, columns, stride);
        }
        else if (row < count)
        {
            Simd.Prefetch.Row(table + ((long)rows[row] * stride), columns);
        }
    }
}
