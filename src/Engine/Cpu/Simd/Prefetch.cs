using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LargeRec.Engine.Cpu.Simd;

/// <summary>Asks for memory before it is needed, where the machine can.</summary>
internal static unsafe class Prefetch
{
    private const int LineValues = 16;

    /// <summary>The cache lines of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row(float* row, int columns)
    {
        if (Sse.IsSupported)
        {
            for (var c = 0; c < columns; c += LineValues)
            {
                Sse.Prefetch0(row + c);
            }

            Sse.Prefetch0(row + columns - 1);
        }
    }

    /// <summary>
    /// A row of a matrix, if there are gaps between its rows: through rows without gaps the hardware runs ahead by itself, over gaps it does not, and a
    /// row that costs some work keeps the processor from looking far enough.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StridedRow(float* matrix, int row, int columns, int stride)
    {
        if (matrix != null && stride - columns >= LineValues)
        {
            Row(matrix + ((long)row * stride), columns);
        }
    }
}
