using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>From rows to columns: a tile's keys on the way to the products, its gradients on the way back.</summary>
internal static unsafe class Transposition
{
    /// <summary>target[c, r] (+)= source[r, c]; no memory besides is touched.</summary>
    public static void Run(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride, bool accumulate)
    {
        if (Avx.IsSupported && rows >= Block8.Size && columns >= Block8.Size)
        {
            Blocks<Block8>(source, sourceStride, rows, columns, target, targetStride, accumulate);
        }
        else if (Sse.IsSupported && rows >= Block4.Size && columns >= Block4.Size)
        {
            Blocks<Block4>(source, sourceStride, rows, columns, target, targetStride, accumulate);
        }
        else
        {
            Edge(source, sourceStride, rows, columns, target, targetStride, accumulate);
        }
    }

    private static void Blocks<TBlock>(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride, bool accumulate)
        where TBlock : struct, IBlock
    {
        // The last block overlaps the one before, unless that would add twice.
        var wholeRows = accumulate ? rows / TBlock.Size * TBlock.Size : rows;
        var wholeColumns = accumulate ? columns / TBlock.Size * TBlock.Size : columns;
        for (var row = 0; row < wholeRows; row += TBlock.Size)
        {
            row = Math.Min(row, wholeRows - TBlock.Size);
            var from = source + (row * sourceStride);
            for (var column = 0; column < wholeColumns; column += TBlock.Size)
            {
                column = Math.Min(column, wholeColumns - TBlock.Size);
                TBlock.Transpose(from + column, sourceStride, target + (column * targetStride) + row, targetStride, accumulate);
            }
        }

        Edge(source + wholeColumns, sourceStride, rows, columns - wholeColumns, target + (wholeColumns * targetStride), targetStride, accumulate);
        Edge(source + (wholeRows * sourceStride), sourceStride, rows - wholeRows, wholeColumns, target + wholeRows, targetStride, accumulate);
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

    /// <summary>A square that is transposed in registers.</summary>
    private interface IBlock
    {
        static abstract int Size { get; }

        static abstract void Transpose(float* source, nint sourceStride, float* target, nint targetStride, bool accumulate);
    }

    private readonly struct Block4 : IBlock
    {
        public static int Size => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride, bool accumulate)
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
    }

    private readonly struct Block8 : IBlock
    {
        public static int Size => 8;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride, bool accumulate)
        {
            // Rows i and i + 4 side by side: from there on, each half is a square of four.
            Halves(source, sourceStride, 0, out var a, out var b, out var c, out var d);
            Halves(source, sourceStride, 4, out var e, out var f, out var g, out var h);
            Four(ref a, ref b, ref c, ref d);
            Four(ref e, ref f, ref g, ref h);
            Write(a, target, accumulate);
            Write(b, target + targetStride, accumulate);
            Write(c, target + (2 * targetStride), accumulate);
            Write(d, target + (3 * targetStride), accumulate);
            Write(e, target + (4 * targetStride), accumulate);
            Write(f, target + (5 * targetStride), accumulate);
            Write(g, target + (6 * targetStride), accumulate);
            Write(h, target + (7 * targetStride), accumulate);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Halves(
            float* source, nint stride, int column, out Vector256<float> a, out Vector256<float> b, out Vector256<float> c, out Vector256<float> d)
        {
            a = Vector256.Create(Vector128.Load(source + column), Vector128.Load(source + (4 * stride) + column));
            b = Vector256.Create(Vector128.Load(source + stride + column), Vector128.Load(source + (5 * stride) + column));
            c = Vector256.Create(Vector128.Load(source + (2 * stride) + column), Vector128.Load(source + (6 * stride) + column));
            d = Vector256.Create(Vector128.Load(source + (3 * stride) + column), Vector128.Load(source + (7 * stride) + column));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Four(ref Vector256<float> a, ref Vector256<float> b, ref Vector256<float> c, ref Vector256<float> d)
        {
            var abLow = Avx.UnpackLow(a, b).AsDouble();
            var cdLow = Avx.UnpackLow(c, d).AsDouble();
            var abHigh = Avx.UnpackHigh(a, b).AsDouble();
            var cdHigh = Avx.UnpackHigh(c, d).AsDouble();
            a = Avx.UnpackLow(abLow, cdLow).AsSingle();
            b = Avx.UnpackHigh(abLow, cdLow).AsSingle();
            c = Avx.UnpackLow(abHigh, cdHigh).AsSingle();
            d = Avx.UnpackHigh(abHigh, cdHigh).AsSingle();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Write(Vector256<float> value, float* target, bool accumulate) =>
            (accumulate ? value + Vector256.Load(target) : value).Store(target);
    }
}
