using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>
/// Rows that a coming tile will read, brought into the cache a few at a time between the groups of the present tile's products: rows of a column slice lie
/// too far apart for the processor to foresee. It has no effect on results, and none at all where the processor lacks the instruction.
/// </summary>
internal unsafe struct RowPrefetch
{
    private const int Line = 64;

    /// <summary>Lines a step: about what is on its way from memory at once.</summary>
    private const int LinesAStep = 32;

    private Slice _present;
    private Slice _second;
    private Slice _third;
    private Slice _fourth;

    /// <summary>Adds rows, four slices at most.</summary>
    public void Add(float* first, nint stride, int rows, int columns)
    {
        var slice = new Slice { Row = (byte*)first, Stride = stride * sizeof(float), Rows = rows, Bytes = columns * sizeof(float) };
        if (_present.Rows == 0)
        {
            _present = slice;
        }
        else if (_second.Rows == 0)
        {
            _second = slice;
        }
        else if (_third.Rows == 0)
        {
            _third = slice;
        }
        else
        {
            _fourth = slice;
        }
    }

    /// <summary>Asks for the next few rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step()
    {
        if (_present.Rows > 0 && Sse.IsSupported)
        {
            Continue();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Continue()
    {
        for (var lines = 0; lines < LinesAStep && _present.Rows > 0; _present.Rows--)
        {
            for (nint offset = 0; offset < _present.Bytes; offset += Line)
            {
                Sse.Prefetch0(_present.Row + offset);
                lines++;
            }

            Sse.Prefetch0(_present.Row + _present.Bytes - 1);
            _present.Row += _present.Stride;
        }

        if (_present.Rows == 0)
        {
            (_present, _second, _third, _fourth) = (_second, _third, _fourth, default);
        }
    }

    private struct Slice
    {
        public byte* Row;
        public nint Stride;
        public nint Bytes;
        public int Rows;
    }
}
