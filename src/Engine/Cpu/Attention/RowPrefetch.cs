using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>
/// Rows that will be read or written soon, brought into the cache a few at a time between the groups of the present tile's products: rows of a column
/// slice lie too far apart for the processor to foresee. It has no effect on results, and none at all where the processor lacks the instruction.
/// </summary>
internal unsafe struct RowPrefetch
{
    private const int Line = 64;

    /// <summary>Lines a step: about what can be on its way from memory at once.</summary>
    private const int LinesAStep = 32;

    private Slices _slices;
    private int _present;
    private int _count;

    /// <summary>Adds a tile's rows of a column slice, those first that are needed first.</summary>
    /// <param name="row">The tile's first row, at the slice's first column.</param>
    /// <param name="stride">From a row to the next.</param>
    /// <param name="rows">How many.</param>
    /// <param name="columns">Of the slice.</param>
    public void Add(float* row, nint stride, int rows, int columns)
    {
        if (_count < Slices.Length && rows > 0 && columns > 0 && Sse.IsSupported)
        {
            _slices[_count++] = new Slice { Row = (byte*)row, Stride = stride * sizeof(float), Rows = rows, Bytes = columns * sizeof(float) };
        }
    }

    /// <summary>Asks for the next few rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step()
    {
        if (_present < _count)
        {
            Continue();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Continue()
    {
        ref var slice = ref _slices[_present];
        for (var lines = 0; lines < LinesAStep && slice.Rows > 0; slice.Rows--)
        {
            for (nint offset = 0; offset < slice.Bytes; offset += Line)
            {
                Sse.Prefetch0(slice.Row + offset);
                lines++;
            }

            // A row that does not begin with a line ends in one more.
            Sse.Prefetch0(slice.Row + slice.Bytes - 1);
            slice.Row += slice.Stride;
        }

        if (slice.Rows == 0)
        {
            _present++;
        }
    }

    private struct Slice
    {
        public byte* Row;
        public nint Stride;
        public nint Bytes;
        public int Rows;
    }

    [InlineArray(Length)]
    private struct Slices
    {
        public const int Length = 8;

        private Slice _first;
    }
}
