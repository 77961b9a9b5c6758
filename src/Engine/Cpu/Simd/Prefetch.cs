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
        }
    }
}
