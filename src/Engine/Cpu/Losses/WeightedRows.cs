using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>Weighted sums of gathered rows, and the reverse: a row added, weighted, to gathered rows.</summary>
internal static unsafe class WeightedRows
{
    /// <summary>sum += Σ_i weights[i]·table[ids[i]] for i below <paramref name="count"/>, a multiple of 8.</summary>
    /// <param name="columns">Columns of a table's row; nothing behind them is read.</param>
    /// <param name="sum">Room for whole registers.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Gather<TVector>(float* table, nint stride, int columns, int* ids, float* weights, int count, float* sum)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        nint tail = columns % TVector.Width;
        var whole = columns - tail;
        var mask = TVector.Mask((int)tail);
        for (var end = ids + count; ids < end; ids += 8, weights += 8)
        {
            var r0 = table + (ids[0] * stride);
            var r1 = table + (ids[1] * stride);
            var r2 = table + (ids[2] * stride);
            var r3 = table + (ids[3] * stride);
            var r4 = table + (ids[4] * stride);
            var r5 = table + (ids[5] * stride);
            var r6 = table + (ids[6] * stride);
            var r7 = table + (ids[7] * stride);
            var w0 = TVector.Broadcast(weights[0]);
            var w1 = TVector.Broadcast(weights[1]);
            var w2 = TVector.Broadcast(weights[2]);
            var w3 = TVector.Broadcast(weights[3]);
            var w4 = TVector.Broadcast(weights[4]);
            var w5 = TVector.Broadcast(weights[5]);
            var w6 = TVector.Broadcast(weights[6]);
            var w7 = TVector.Broadcast(weights[7]);
            for (nint d = 0; d < whole; d += TVector.Width)
            {
                var even = TVector.MultiplyAdd(w0, TVector.Load(r0 + d), TVector.Load(sum + d));
                var odd = w1 * TVector.Load(r1 + d);
                even = TVector.MultiplyAdd(w2, TVector.Load(r2 + d), even);
                odd = TVector.MultiplyAdd(w3, TVector.Load(r3 + d), odd);
                even = TVector.MultiplyAdd(w4, TVector.Load(r4 + d), even);
                odd = TVector.MultiplyAdd(w5, TVector.Load(r5 + d), odd);
                even = TVector.MultiplyAdd(w6, TVector.Load(r6 + d), even);
                odd = TVector.MultiplyAdd(w7, TVector.Load(r7 + d), odd);
                TVector.Store(even + odd, sum + d);
            }

            if (tail > 0)
            {
                var even = TVector.MultiplyAdd(w0, TVector.LoadMasked(r0 + whole, mask), TVector.Load(sum + whole));
                var odd = w1 * TVector.LoadMasked(r1 + whole, mask);
                even = TVector.MultiplyAdd(w2, TVector.LoadMasked(r2 + whole, mask), even);
                odd = TVector.MultiplyAdd(w3, TVector.LoadMasked(r3 + whole, mask), odd);
                even = TVector.MultiplyAdd(w4, TVector.LoadMasked(r4 + whole, mask), even);
                odd = TVector.MultiplyAdd(w5, TVector.LoadMasked(r5 + whole, mask), odd);
                even = TVector.MultiplyAdd(w6, TVector.LoadMasked(r6 + whole, mask), even);
                odd = TVector.MultiplyAdd(w7, TVector.LoadMasked(r7 + whole, mask), odd);
                TVector.Store(even + odd, sum + whole);
            }
        }
    }

    /// <summary>table[ids[i]] += weights[i]·row, one i after the other: ids may repeat.</summary>
    /// <param name="vectors">Whole registers of a row, of the table's too.</param>
    public static void Scatter<TVector>(float* row, int vectors, float* table, nint stride, int* ids, float* weights, int count)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        while (vectors >= 4)
        {
            Scatter4<TVector>(row, table, stride, ids, weights, count);
            row += 4 * TVector.Width;
            table += 4 * TVector.Width;
            vectors -= 4;
        }

        switch (vectors)
        {
            case 3:
                Scatter3<TVector>(row, table, stride, ids, weights, count);
                break;
            case 2:
                Scatter2<TVector>(row, table, stride, ids, weights, count);
                break;
            case 1:
                Scatter1<TVector>(row, table, stride, ids, weights, count);
                break;
            default:
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Scatter4<TVector>(float* row, float* table, nint stride, int* ids, float* weights, int count)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var v0 = TVector.Load(row);
        var v1 = TVector.Load(row + TVector.Width);
        var v2 = TVector.Load(row + (2 * TVector.Width));
        var v3 = TVector.Load(row + (3 * TVector.Width));
        for (nint i = 0; i < count; i++)
        {
            var target = table + (ids[i] * stride);
            var weight = TVector.Broadcast(weights[i]);
            Add(target, weight, v0);
            Add(target + TVector.Width, weight, v1);
            Add(target + (2 * TVector.Width), weight, v2);
            Add(target + (3 * TVector.Width), weight, v3);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Scatter3<TVector>(float* row, float* table, nint stride, int* ids, float* weights, int count)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var v0 = TVector.Load(row);
        var v1 = TVector.Load(row + TVector.Width);
        var v2 = TVector.Load(row + (2 * TVector.Width));
        for (nint i = 0; i < count; i++)
        {
            var target = table + (ids[i] * stride);
            var weight = TVector.Broadcast(weights[i]);
            Add(target, weight, v0);
            Add(target + TVector.Width, weight, v1);
            Add(target + (2 * TVector.Width), weight, v2);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Scatter2<TVector>(float* row, float* table, nint stride, int* ids, float* weights, int count)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var v0 = TVector.Load(row);
        var v1 = TVector.Load(row + TVector.Width);
        for (nint i = 0; i < count; i++)
        {
            var target = table + (ids[i] * stride);
            var weight = TVector.Broadcast(weights[i]);
            Add(target, weight, v0);
            Add(target + TVector.Width, weight, v1);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Scatter1<TVector>(float* row, float* table, nint stride, int* ids, float* weights, int count)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var v0 = TVector.Load(row);
        for (nint i = 0; i < count; i++)
        {
            Add(table + (ids[i] * stride), TVector.Broadcast(weights[i]), v0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TVector>(float* target, TVector weight, TVector value)
        where TVector : unmanaged, IFloatVector<TVector> => TVector.Store(TVector.MultiplyAdd(weight, value, TVector.Load(target)), target);
}
