using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>
/// The gradients of a group of ranges: Σ c·item of every token into the group's own gradient of the queries, then Σ c·q/τ of every item, in token order. Either
/// has its random accesses in one block of half a second-level cache, and goes through the tokens in order.
/// </summary>
internal readonly unsafe struct RangeGradientsJob(ItemRangeWork work) : IChunkJob
{
    public void Run<TVector>(int group, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var partial = work.Partials + (group * (long)work.Inputs.TokenCount * work.Stride);
        NativeMemory.Clear(partial, (nuint)((long)work.Inputs.TokenCount * work.Stride * sizeof(float)));
        var first = (int)((long)work.Ranges * group / work.Groups);
        var end = (int)((long)work.Ranges * (group + 1) / work.Groups);
        for (var range = first; range < end; range++)
        {
            Range<TVector>(range, worker, partial);
        }
    }

    private void Range<TVector>(int range, int worker, float* partial)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        nint stride = work.Stride;
        var pairs = work.Dealt + work.RangeStarts[range];
        var count = (nint)(work.RangeStarts[range + 1] - work.RangeStarts[range]);
        var firstRow = work.FirstRows[range];
        var rows = work.Load<TVector>(range, worker);
        var sums = rows + work.RangeFloats;
        var coefficients = sums + work.RangeFloats;
        for (nint i = 0; i < count; i++)
        {
            coefficients[i] = work.Coefficients[(uint)pairs[i]];
        }

        NativeMemory.Clear(sums, (nuint)((work.FirstRows[range + 1] - firstRow) * stride * sizeof(float)));
        var tokens = new PairToken(work.Inputs.NegativesPerToken + 1);
        nint column = 0;
        for (; column + (4 * TVector.Width) <= stride; column += 4 * TVector.Width)
        {
            var offset = column - (firstRow * stride);
            AddItems4<TVector>(pairs, coefficients, count, tokens, rows + offset, partial + column, stride);
            AddQueries4<TVector>(pairs, coefficients, count, tokens, work.Queries + column, sums + offset, stride);
        }

        for (; column < stride; column += TVector.Width)
        {
            var offset = column - (firstRow * stride);
            AddItems1<TVector>(pairs, coefficients, count, tokens, rows + offset, partial + column, stride);
            AddQueries1<TVector>(pairs, coefficients, count, tokens, work.Queries + column, sums + offset, stride);
        }

        Write<TVector>(range, sums);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddItems4<TVector>(ulong* pairs, float* coefficients, nint count, PairToken tokens, float* rows, float* partial, nint stride)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (nint i = 0; i < count; i++)
        {
            var pair = pairs[i];
            var row = rows + ((nint)(pair >> 32) * stride);
            var target = partial + (tokens.Of(pair) * stride);
            var coefficient = TVector.Broadcast(coefficients[i]);
            Add(target, coefficient, row);
            Add(target + TVector.Width, coefficient, row + TVector.Width);
            Add(target + (2 * TVector.Width), coefficient, row + (2 * TVector.Width));
            Add(target + (3 * TVector.Width), coefficient, row + (3 * TVector.Width));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddItems1<TVector>(ulong* pairs, float* coefficients, nint count, PairToken tokens, float* rows, float* partial, nint stride)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (nint i = 0; i < count; i++)
        {
            var pair = pairs[i];
            Add(partial + (tokens.Of(pair) * stride), TVector.Broadcast(coefficients[i]), rows + ((nint)(pair >> 32) * stride));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddQueries4<TVector>(ulong* pairs, float* coefficients, nint count, PairToken tokens, float* queries, float* sums, nint stride)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (nint i = 0; i < count; i++)
        {
            var pair = pairs[i];
            var query = queries + (tokens.Of(pair) * stride);
            var target = sums + ((nint)(pair >> 32) * stride);
            var coefficient = TVector.Broadcast(coefficients[i]);
            Add(target, coefficient, query);
            Add(target + TVector.Width, coefficient, query + TVector.Width);
            Add(target + (2 * TVector.Width), coefficient, query + (2 * TVector.Width));
            Add(target + (3 * TVector.Width), coefficient, query + (3 * TVector.Width));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddQueries1<TVector>(ulong* pairs, float* coefficients, nint count, PairToken tokens, float* queries, float* sums, nint stride)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (nint i = 0; i < count; i++)
        {
            var pair = pairs[i];
            Add(sums + ((nint)(pair >> 32) * stride), TVector.Broadcast(coefficients[i]), queries + (tokens.Of(pair) * stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TVector>(float* target, TVector coefficient, float* row)
        where TVector : unmanaged, IFloatVector<TVector> =>
        TVector.Store(TVector.MultiplyAdd(coefficient, TVector.Load(row), TVector.Load(target)), target);

    private void Write<TVector>(int range, float* sums)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        nint tail = work.Inputs.Columns % TVector.Width;
        var whole = work.Inputs.Columns - tail;
        var mask = TVector.Mask((int)tail);
        for (nint row = work.FirstRows[range]; row < work.FirstRows[range + 1]; row++, sums += work.Stride)
        {
            var target = work.ItemGradient + (row * work.ItemGradientStride);
            for (nint d = 0; d < whole; d += TVector.Width)
            {
                TVector.Store(TVector.Load(sums + d), target + d);
            }

            if (tail > 0)
            {
                TVector.StoreMasked(TVector.Load(sums + whole), target + whole, mask);
            }
        }
    }
}
