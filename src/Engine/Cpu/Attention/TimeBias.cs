using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>The time bias of a tile and its gradient, both by the runs of equal buckets in a row.</summary>
internal static unsafe class TimeBias
{
    /// <summary>Floats of the sums of a gradient: a vector a bucket.</summary>
    public const int SumFloats = TimeBuckets.Count * 16;

    /// <summary>Floats of a table of buckets.</summary>
    public const int TableFloats = 144;

    /// <summary>Writes the bias of a tile.</summary>
    /// <param name="runs">The rows' runs.</param>
    /// <param name="cursors">For each row of the tile the place of a run that does not end before those looked for; moved on to the run of the first
    /// column.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="firstColumn">The tile's first column in the sequence.</param>
    /// <param name="diagonal">Whether row r has r + 1 columns instead of all.</param>
    /// <param name="bias">A value a bucket.</param>
    /// <param name="tile">The result; columns beyond a row's own are undefined.</param>
    public static void Fill<TVector>(uint* runs, int* cursors, int rows, int firstColumn, bool diagonal, float* bias, float* tile)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (var row = 0; row < rows; row++)
        {
            var run = runs + cursors[row];
            while (TimeRuns.End(*run) <= firstColumn)
            {
                run++;
            }

            cursors[row] = (int)(run - runs);
            var columns = diagonal ? row + 1 : AttentionTile.Size;
            var column = 0;
            do
            {
                // Whole vectors: what is too much, the next run or the next row overwrites.
                var value = TVector.Broadcast(bias[TimeRuns.Bucket(*run)]);
                var end = Math.Min(TimeRuns.End(*run) - firstColumn, columns);
                for (; column < end; column += TVector.Width)
                {
                    TVector.Store(value, tile + column);
                }

                column = end;
                run++;
            }
            while (column < columns);
            tile += AttentionTile.Size;
        }
    }

    /// <summary>Adds the sums of a tile of scores' gradients to those of the buckets.</summary>
    /// <param name="cursors">As <see cref="Fill"/> has left them.</param>
    /// <param name="sums">A vector a bucket.</param>
    public static void AddGradient<TVector>(uint* runs, int* cursors, int rows, int firstColumn, bool diagonal, float* gradients, float* sums)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (var row = 0; row < rows; row++)
        {
            var run = runs + cursors[row];
            var columns = diagonal ? row + 1 : AttentionTile.Size;
            var column = 0;
            do
            {
                var end = Math.Min(TimeRuns.End(*run) - firstColumn, columns);
                var place = sums + (TimeRuns.Bucket(*run) * TVector.Width);
                var sum = TVector.Load(place);
                for (; column + TVector.Width <= end; column += TVector.Width)
                {
                    sum += TVector.Load(gradients + column);
                }

                sum += TVector.And(TVector.Load(gradients + column), TVector.Mask(end - column));
                TVector.Store(sum, place);
                column = end;
                run++;
            }
            while (column < columns);
            gradients += AttentionTile.Size;
        }
    }

    /// <summary>The sums of a chunk's vectors: a value a bucket.</summary>
    public static void SumLanes<TVector>(float* sums, float* table)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (var bucket = 0; bucket < TimeBuckets.Count; bucket++)
        {
            table[bucket] = TVector.Sum(TVector.Load(sums + (bucket * TVector.Width)));
        }
    }

    /// <summary>Adds up the tables of all chunks in their order.</summary>
    /// <param name="values">Values of a table.</param>
    public static void Reduce(float* tables, nint stride, int chunks, int values, float* gradient, bool accumulate)
    {
        for (var bucket = 0; bucket < values; bucket++)
        {
            var sum = 0f;
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                sum += tables[(chunk * stride) + bucket];
            }

            gradient[bucket] = accumulate ? gradient[bucket] + sum : sum;
        }
    }
}
