using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Maths;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>HSTU's attention for the last rows of a sequence: a row and head a chunk, its scores in one vector as long as the sequence.</summary>
internal unsafe struct AttentionTailJob : IChunkJob
{
    public float* Queries;
    public nint QueryStride;
    public float* Keys;
    public nint KeyStride;
    public float* Values;
    public nint ValueStride;
    public float* Output;
    public nint OutputStride;
    public int Heads;
    public int KeyWidth;
    public int ValueWidth;

    /// <summary>n − R.</summary>
    public int FirstRow;
    public int Normalizer;

    /// <summary>Null without.</summary>
    public float* PositionBias;

    /// <summary>Null without.</summary>
    public float* TimeBias;

    /// <summary>[n].</summary>
    public int* EventSeconds;

    /// <summary>[R].</summary>
    public int* NextSeconds;

    /// <summary>[workers, stride].</summary>
    public float* Scratch;
    public nint ScratchStride;

    /// <summary>Values of a worker's scratch for a sequence of so many rows.</summary>
    public static int ScratchValues(int rows) => (rows + 31) & ~15;

    public readonly void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (row, head) = (chunk / Heads, chunk % Heads);
        var last = FirstRow + row;
        var scores = Scratch + (worker * ScratchStride);
        Bias(row, last, scores);
        var query = Queries + (row * QueryStride) + (head * KeyWidth);
        var key = Keys + (head * KeyWidth);
        for (var j = 0; j <= last; j++)
        {
            scores[j] += Dot<TVector>(query, key, KeyWidth);
            key += KeyStride;
        }

        var scale = TVector.Broadcast(1f / Normalizer);
        for (nint j = 0; j <= last; j += TVector.Width)
        {
            TVector.Store(Elementary.Silu(TVector.Load(scores + j)) * scale, scores + j);
        }

        var values = Values + (head * ValueWidth);
        var output = Output + (row * OutputStride) + (head * ValueWidth);
        var column = 0;
        for (; column + (4 * TVector.Width) <= ValueWidth; column += 4 * TVector.Width)
        {
            Combine<TVector>(scores, last + 1, values + column, output + column);
        }

        for (; column < ValueWidth; column += TVector.Width)
        {
            CombineMasked(scores, last + 1, values + column, output + column, TVector.Mask(Math.Min(TVector.Width, ValueWidth - column)));
        }
    }

    /// <summary>What is added to the scores of a row, and zeros behind: position[N − 1 + j − i] + time[bucket(next_i − event_j)].</summary>
    private readonly void Bias(int row, int last, float* scores)
    {
        if (PositionBias != null)
        {
            new ReadOnlySpan<float>(PositionBias + Normalizer - 1 - last, last + 1).CopyTo(new Span<float>(scores, last + 1));
        }
        else
        {
            new Span<float>(scores, last + 1).Clear();
        }

        new Span<float>(scores + last + 1, 16).Clear();
        if (TimeBias == null)
        {
            return;
        }

        // Times grow along the row, so buckets fall: from the newest event backwards each bucket ends where the next one's threshold begins.
        var thresholds = TimeBuckets.Thresholds;
        var bucket = 0;
        var next = (long)NextSeconds[row];
        for (var j = last; j >= 0; j--)
        {
            var gap = next - EventSeconds[j];
            while (bucket + 1 < TimeBuckets.Count && thresholds[bucket + 1] <= gap)
            {
                bucket++;
            }

            scores[j] += TimeBias[bucket];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot<TVector>(float* a, float* b, int width)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var sum = TVector.Zero;
        nint i = 0;
        for (; i + TVector.Width <= width; i += TVector.Width)
        {
            sum = TVector.MultiplyAdd(TVector.Load(a + i), TVector.Load(b + i), sum);
        }

        if (i < width)
        {
            var mask = TVector.Mask(width - (int)i);
            sum = TVector.MultiplyAdd(TVector.LoadMasked(a + i, mask), TVector.LoadMasked(b + i, mask), sum);
        }

        return TVector.Sum(sum);
    }

    private readonly void Combine<TVector>(float* weights, int rows, float* values, float* output)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        TVector a = TVector.Zero, b = TVector.Zero, c = TVector.Zero, d = TVector.Zero;
        for (var j = 0; j < rows; j++)
        {
            var weight = TVector.Broadcast(weights[j]);
            a = TVector.MultiplyAdd(weight, TVector.Load(values), a);
            b = TVector.MultiplyAdd(weight, TVector.Load(values + TVector.Width), b);
            c = TVector.MultiplyAdd(weight, TVector.Load(values + (2 * TVector.Width)), c);
            d = TVector.MultiplyAdd(weight, TVector.Load(values + (3 * TVector.Width)), d);
            values += ValueStride;
        }

        TVector.Store(a, output);
        TVector.Store(b, output + TVector.Width);
        TVector.Store(c, output + (2 * TVector.Width));
        TVector.Store(d, output + (3 * TVector.Width));
    }

    private readonly void CombineMasked<TVector>(float* weights, int rows, float* values, float* output, TVector mask)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        TVector even = TVector.Zero, odd = TVector.Zero;
        var j = 0;
        for (; j + 2 <= rows; j += 2)
        {
            even = TVector.MultiplyAdd(TVector.Broadcast(weights[j]), TVector.LoadMasked(values, mask), even);
            odd = TVector.MultiplyAdd(TVector.Broadcast(weights[j + 1]), TVector.LoadMasked(values + ValueStride, mask), odd);
            values += 2 * ValueStride;
        }

        if (j < rows)
        {
            even = TVector.MultiplyAdd(TVector.Broadcast(weights[j]), TVector.LoadMasked(values, mask), even);
        }

        TVector.StoreMasked(even + odd, output, mask);
    }
}
