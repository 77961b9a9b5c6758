using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>Dot products of one vector with gathered rows, 16 rows at a time: their horizontal sums are one transposition instead of 16 reductions.</summary>
internal static unsafe class RowDots
{
    /// <summary>dots[i] = ⟨query, table[ids[i]]⟩ for i below <paramref name="count"/>, a multiple of 16.</summary>
    /// <param name="query">Padded with zeros to whole registers.</param>
    /// <param name="columns">Columns of a table's row; nothing behind them is read.</param>
    /// <param name="dots">Written, <paramref name="count"/> values.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Compute<TVector>(float* query, float* table, nint stride, int columns, int* ids, int count, float* dots)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        nint tail = columns % TVector.Width;
        var whole = columns - tail;
        var mask = TVector.Mask((int)tail);
        for (var i = 0; i < count; i += 16)
        {
            Dot8(query, table, stride, whole, tail, mask, ids + i, out var a, out var b);
            Dot8(query, table, stride, whole, tail, mask, ids + i + 8, out var c, out var d);
            StoreSums(a, b, c, d, dots + i);
        }
    }

    /// <summary>dots[i] = ⟨left[i], right[i]⟩ for 16 pairs of rows.</summary>
    /// <param name="columns">Of either row, in whole registers.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Pairs<TVector>(float** left, float** right, nint columns, float* dots)
        where TVector : unmanaged, IFloatVector<TVector> => StoreSums(
            Dot4<TVector>(left, right, columns), Dot4<TVector>(left + 4, right + 4, columns), Dot4<TVector>(left + 8, right + 8, columns),
            Dot4<TVector>(left + 12, right + 12, columns), dots);

    /// <summary>⟨a, b⟩ of one pair of rows.</summary>
    /// <param name="query">Padded with zeros to whole registers.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float One<TVector>(float* query, float* row, int columns)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        nint tail = columns % TVector.Width;
        var whole = columns - tail;
        var sum = TVector.Zero;
        for (nint d = 0; d < whole; d += TVector.Width)
        {
            sum = TVector.MultiplyAdd(TVector.Load(query + d), TVector.Load(row + d), sum);
        }

        if (tail > 0)
        {
            sum = TVector.MultiplyAdd(TVector.Load(query + whole), TVector.LoadMasked(row + whole, TVector.Mask((int)tail)), sum);
        }

        return TVector.Sum(sum);
    }

    /// <summary>Eight dot products, not yet summed over the 128-bit parts of a register: each part of low holds those of rows 0 to 3, of high those of rows 4
    /// to 7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Dot8<TVector>(
        float* query, float* table, nint stride, nint whole, nint tail, TVector mask, int* ids, out TVector low, out TVector high)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var r0 = table + (ids[0] * stride);
        var r1 = table + (ids[1] * stride);
        var r2 = table + (ids[2] * stride);
        var r3 = table + (ids[3] * stride);
        var r4 = table + (ids[4] * stride);
        var r5 = table + (ids[5] * stride);
        var r6 = table + (ids[6] * stride);
        var r7 = table + (ids[7] * stride);
        TVector a0 = TVector.Zero, a1 = TVector.Zero, a2 = TVector.Zero, a3 = TVector.Zero;
        TVector a4 = TVector.Zero, a5 = TVector.Zero, a6 = TVector.Zero, a7 = TVector.Zero;
        for (nint d = 0; d < whole; d += TVector.Width)
        {
            var q = TVector.Load(query + d);
            a0 = TVector.MultiplyAdd(q, TVector.Load(r0 + d), a0);
            a1 = TVector.MultiplyAdd(q, TVector.Load(r1 + d), a1);
            a2 = TVector.MultiplyAdd(q, TVector.Load(r2 + d), a2);
            a3 = TVector.MultiplyAdd(q, TVector.Load(r3 + d), a3);
            a4 = TVector.MultiplyAdd(q, TVector.Load(r4 + d), a4);
            a5 = TVector.MultiplyAdd(q, TVector.Load(r5 + d), a5);
            a6 = TVector.MultiplyAdd(q, TVector.Load(r6 + d), a6);
            a7 = TVector.MultiplyAdd(q, TVector.Load(r7 + d), a7);
        }

        if (tail > 0)
        {
            var q = TVector.Load(query + whole);
            a0 = TVector.MultiplyAdd(q, TVector.LoadMasked(r0 + whole, mask), a0);
            a1 = TVector.MultiplyAdd(q, TVector.LoadMasked(r1 + whole, mask), a1);
            a2 = TVector.MultiplyAdd(q, TVector.LoadMasked(r2 + whole, mask), a2);
            a3 = TVector.MultiplyAdd(q, TVector.LoadMasked(r3 + whole, mask), a3);
            a4 = TVector.MultiplyAdd(q, TVector.LoadMasked(r4 + whole, mask), a4);
            a5 = TVector.MultiplyAdd(q, TVector.LoadMasked(r5 + whole, mask), a5);
            a6 = TVector.MultiplyAdd(q, TVector.LoadMasked(r6 + whole, mask), a6);
            a7 = TVector.MultiplyAdd(q, TVector.LoadMasked(r7 + whole, mask), a7);
        }

        low = Transposed4(a0, a1, a2, a3);
        high = Transposed4(a4, a5, a6, a7);
    }

    /// <summary>Four dot products of pairs, not yet summed over the 128-bit parts of a register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Dot4<TVector>(float** left, float** right, nint columns)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (l0, l1, l2, l3) = ((nint)left[0], (nint)left[1], (nint)left[2], (nint)left[3]);
        var (r0, r1, r2, r3) = ((nint)right[0], (nint)right[1], (nint)right[2], (nint)right[3]);
        TVector a0 = TVector.Zero, a1 = TVector.Zero, a2 = TVector.Zero, a3 = TVector.Zero;
        for (nint d = 0; d < columns; d += TVector.Width)
        {
            a0 = TVector.MultiplyAdd(TVector.Load((float*)l0 + d), TVector.Load((float*)r0 + d), a0);
            a1 = TVector.MultiplyAdd(TVector.Load((float*)l1 + d), TVector.Load((float*)r1 + d), a1);
            a2 = TVector.MultiplyAdd(TVector.Load((float*)l2 + d), TVector.Load((float*)r2 + d), a2);
            a3 = TVector.MultiplyAdd(TVector.Load((float*)l3 + d), TVector.Load((float*)r3 + d), a3);
        }

        return Transposed4(a0, a1, a2, a3);
    }

    /// <summary>Lane i of each 128-bit part: the sum of that part of operand i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Transposed4<TVector>(TVector a, TVector b, TVector c, TVector d)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        if (typeof(TVector) == typeof(Float512))
        {
            var (w, x) = (Unsafe.BitCast<TVector, Float512>(a).Value, Unsafe.BitCast<TVector, Float512>(b).Value);
            var (y, z) = (Unsafe.BitCast<TVector, Float512>(c).Value, Unsafe.BitCast<TVector, Float512>(d).Value);
            var first = (Avx512F.UnpackLow(w, x) + Avx512F.UnpackHigh(w, x)).AsDouble();
            var second = (Avx512F.UnpackLow(y, z) + Avx512F.UnpackHigh(y, z)).AsDouble();
            return Unsafe.BitCast<Float512, TVector>(new(Avx512F.UnpackLow(first, second).AsSingle() + Avx512F.UnpackHigh(first, second).AsSingle()));
        }

        if (typeof(TVector) == typeof(Float256))
        {
            var (w, x) = (Unsafe.BitCast<TVector, Float256>(a).Value, Unsafe.BitCast<TVector, Float256>(b).Value);
            var (y, z) = (Unsafe.BitCast<TVector, Float256>(c).Value, Unsafe.BitCast<TVector, Float256>(d).Value);
            var first = (Avx.UnpackLow(w, x) + Avx.UnpackHigh(w, x)).AsDouble();
            var second = (Avx.UnpackLow(y, z) + Avx.UnpackHigh(y, z)).AsDouble();
            return Unsafe.BitCast<Float256, TVector>(new(Avx.UnpackLow(first, second).AsSingle() + Avx.UnpackHigh(first, second).AsSingle()));
        }

        return Unsafe.BitCast<Float128, TVector>(new(Transposed128(
            Unsafe.BitCast<TVector, Float128>(a).Value,
            Unsafe.BitCast<TVector, Float128>(b).Value,
            Unsafe.BitCast<TVector, Float128>(c).Value,
            Unsafe.BitCast<TVector, Float128>(d).Value)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Transposed128(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        if (Sse2.IsSupported)
        {
            var first = (Sse.UnpackLow(a, b) + Sse.UnpackHigh(a, b)).AsDouble();
            var second = (Sse.UnpackLow(c, d) + Sse.UnpackHigh(c, d)).AsDouble();
            return Sse2.UnpackLow(first, second).AsSingle() + Sse2.UnpackHigh(first, second).AsSingle();
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            var first = (AdvSimd.Arm64.ZipLow(a, b) + AdvSimd.Arm64.ZipHigh(a, b)).AsDouble();
            var second = (AdvSimd.Arm64.ZipLow(c, d) + AdvSimd.Arm64.ZipHigh(c, d)).AsDouble();
            return AdvSimd.Arm64.ZipLow(first, second).AsSingle() + AdvSimd.Arm64.ZipHigh(first, second).AsSingle();
        }

        return Vector128.Create(a[0] + a[2] + (a[1] + a[3]), b[0] + b[2] + (b[1] + b[3]), c[0] + c[2] + (c[1] + c[3]), d[0] + d[2] + (d[1] + d[3]));
    }

    /// <summary>Adds the 128-bit parts and stores the 16 sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSums<TVector>(TVector a, TVector b, TVector c, TVector d, float* sums)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        const byte EvenParts = 0x88;
        const byte OddParts = 0xDD;
        const byte LowHalves = 0x20;
        const byte HighHalves = 0x31;
        if (typeof(TVector) == typeof(Float512))
        {
            var (w, x) = (Unsafe.BitCast<TVector, Float512>(a).Value, Unsafe.BitCast<TVector, Float512>(b).Value);
            var (y, z) = (Unsafe.BitCast<TVector, Float512>(c).Value, Unsafe.BitCast<TVector, Float512>(d).Value);
            var first = Avx512F.Shuffle4x128(w, x, EvenParts) + Avx512F.Shuffle4x128(w, x, OddParts);
            var second = Avx512F.Shuffle4x128(y, z, EvenParts) + Avx512F.Shuffle4x128(y, z, OddParts);
            (Avx512F.Shuffle4x128(first, second, EvenParts) + Avx512F.Shuffle4x128(first, second, OddParts)).Store(sums);
        }
        else if (typeof(TVector) == typeof(Float256))
        {
            var (w, x) = (Unsafe.BitCast<TVector, Float256>(a).Value, Unsafe.BitCast<TVector, Float256>(b).Value);
            var (y, z) = (Unsafe.BitCast<TVector, Float256>(c).Value, Unsafe.BitCast<TVector, Float256>(d).Value);
            (Avx.Permute2x128(w, x, LowHalves) + Avx.Permute2x128(w, x, HighHalves)).Store(sums);
            (Avx.Permute2x128(y, z, LowHalves) + Avx.Permute2x128(y, z, HighHalves)).Store(sums + 8);
        }
        else
        {
            TVector.Store(a, sums);
            TVector.Store(b, sums + 4);
            TVector.Store(c, sums + 8);
            TVector.Store(d, sums + 12);
        }
    }
}
