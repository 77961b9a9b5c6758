using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>From rows to columns: a tile's keys on the way to the products, its gradients on the way back.</summary>
internal static unsafe class Transposition
{
    private const int Block = 4;

    /// <summary>target[c, r] (+)= source[r, c]; no memory besides is touched.</summary>
    public static void Run(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride, bool accumulate)
    {
        if (!Sse.IsSupported || rows < Block || columns < Block)
        {
            Edge(source, sourceStride, rows, columns, target, targetStride, accumulate);
            return;
        }

        // The last block overlaps the one before, unless that would add twice.
        var wholeRows = accumulate ? rows / Block * Block : rows;
        var wholeColumns = accumulate ? columns / Block * Block : columns;
        for (var row = 0; row < wholeRows; row += Block)
        {
            row = Math.Min(row, wholeRows - Block);
            var from = source + (row * sourceStride);
            for (var column = 0; column < wholeColumns; column += Block)
            {
                column = Math.Min(column, wholeColumns - Block);
                Transpose(from + column, sourceStride, target + (column * targetStride) + row, targetStride, accumulate);
            }
        }

        Edge(source + wholeColumns, sourceStride, rows, columns - wholeColumns, target + (wholeColumns * targetStride), targetStride, accumulate);
        Edge(source + (wholeRows * sourceStride), sourceStride, rows - wholeRows, wholeColumns, target + wholeRows, targetStride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(float* source, nint sourceStride, float* target, nint targetStride, bool accumulate)
    {
        var a = Vector128.Load(source);
        var b = Vector128.Load(source + sourceStride);
        var c = Vector128.Load(source + (2 * sourceStride));
        var d = Vector128.Load(source + (3 * sourceStride));
        var abLow = Sse.UnpackLow(a, b);
        var cdLow = Sse.UnpackLow(c, d);
        var abHigh = Sse.UnpackHigh(a, b);
        var cdHigh = Sse.UnpackHigh(c, d);
        a = Sse.MoveLowToHigh(abLow, cdLow);
        b = Sse.MoveHighToLow(cdLow, abLow);
        c = Sse.MoveLowToHigh(abHigh, cdHigh);
        d = Sse.MoveHighToLow(cdHigh, abHigh);
        if (accumulate)
        {
            a += Vector128.Load(target);
            b += Vector128.Load(target + targetStride);
            c += Vector128.Load(target + (2 * targetStride));
            d += Vector128.Load(target + (3 * targetStride));
        }

        a.Store(target);
        b.Store(target + targetStride);
        c.Store(target + (2 * targetStride));
        d.Store(target + (3 * targetStride));
    }

    private static void Edge(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride, bool accumulate)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var value = source[(row * sourceStride) + column];
                var place = target + (column * targetStride) + row;
                *place = accumulate ? *place + value : value;
            }
        }
    }
}
