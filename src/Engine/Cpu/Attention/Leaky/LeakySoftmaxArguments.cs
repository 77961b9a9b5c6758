using LargeRec.Engine.Cpu.Normalization;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Maths;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Attention.Leaky;

/// <summary>
/// What a leaky softmax reads, forward and backward, and the scores of a row. A row at a time, since each needs all N columns before its first weight.
/// </summary>
internal unsafe struct LeakySoftmaxArguments
{
    public float* Queries;
    public nint QueryStride;
    public float* Keys;
    public nint KeyStride;
    public float* Values;
    public nint ValueStride;

    /// <summary>dqk.</summary>
    public int KeyWidth;

    /// <summary>dv.</summary>
    public int ValueWidth;

    /// <summary>H.</summary>
    public int Heads;

    /// <summary>N, the columns of every row.</summary>
    public int Normalizer;

    /// <summary>What scores are multiplied by.</summary>
    public float Scale;

    /// <summary>[B+1].</summary>
    public int* Offsets;

    /// <summary>B.</summary>
    public int Sequences;

    /// <summary>[2N − 1], or null.</summary>
    public float* PositionBias;

    /// <summary>[129], or null.</summary>
    public float* TimeBias;

    /// <summary>[T], read where there is a time bias.</summary>
    public int* EventSeconds;

    /// <summary>[T], likewise.</summary>
    public int* NextSeconds;

    /// <summary>Floats of a row in scratch memory: whole vectors.</summary>
    public readonly int RowFloats => AttentionTile.Pad(Normalizer);

    public readonly int First(int sequence) => Offsets[sequence];

    public readonly int Rows(int sequence) => Offsets[sequence + 1] - Offsets[sequence];

    public readonly float* Query(int token, int head) => Queries + (token * QueryStride) + (head * KeyWidth);

    public readonly float* Key(int token, int head) => Keys + (token * KeyStride) + (head * KeyWidth);

    public readonly float* Value(int token, int head) => Values + (token * ValueStride) + (head * ValueWidth);

    /// <summary>The scores of all N columns of a row: its sequence's events, later ones too, then columns of padding, whose keys are 0.</summary>
    /// <param name="buckets">[N]: the bucket of each column, where there is a time bias.</param>
    public readonly void Scores<TVector>(int sequence, int head, int row, float* scores, int* buckets)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (first, rows) = (First(sequence), Rows(sequence));
        var query = Query(first + row, head);
        for (var column = 0; column < rows; column++)
        {
            scores[column] = RowSums.Product<TVector>(query, Key(first + column, head), KeyWidth);
        }

        new Span<float>(scores + rows, Normalizer - rows).Clear();
        if (TimeBias != null)
        {
            long next = NextSeconds[first + row];
            for (var column = 0; column < Normalizer; column++)
            {
                buckets[column] = column < rows ? TimeBuckets.Of(next - EventSeconds[first + column]) : TimeBuckets.Count - 1;
                scores[column] += TimeBias[buckets[column]];
            }
        }

        var position = PositionBias + (Normalizer - 1 - row);
        for (var column = 0; column < Normalizer; column++)
        {
            scores[column] = (scores[column] + (PositionBias == null ? 0 : position[column])) * Scale;
        }
    }

    /// <summary>scores → exp(scores − offset).</summary>
    /// <returns>Their sum.</returns>
    public readonly float Exponentials<TVector>(float* scores, float offset)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var shift = TVector.Broadcast(offset);
        var sum = TVector.Zero;
        for (var column = 0; column < Normalizer; column += TVector.Width)
        {
            var mask = TVector.Mask(Math.Min(TVector.Width, Normalizer - column));
            var value = TVector.And(Elementary.Exp(TVector.LoadMasked(scores + column, mask) - shift), mask);
            sum += value;
            TVector.Store(value, scores + column);
        }

        return TVector.Sum(sum);
    }

    /// <summary>y ← y + factor·x.</summary>
    public static void Add<TVector>(float factor, float* x, float* y, int columns)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var times = TVector.Broadcast(factor);
        for (var column = 0; column < columns; column += TVector.Width)
        {
            var mask = TVector.Mask(Math.Min(TVector.Width, columns - column));
            var sum = TVector.MultiplyAdd(times, TVector.LoadMasked(x + column, mask), TVector.LoadMasked(y + column, mask));
            TVector.StoreMasked(sum, y + column, mask);
        }
    }
}
