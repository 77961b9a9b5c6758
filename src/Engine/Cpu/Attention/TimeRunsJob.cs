using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>Finds the runs of equal buckets, a block of a sequence's rows a chunk.</summary>
internal unsafe struct TimeRunsJob : IChunkJob
{
    public Block* Blocks;

    /// <summary>[T].</summary>
    public int* EventSeconds;

    /// <summary>[T].</summary>
    public int* NextSeconds;

    public uint* Runs;

    /// <summary>[T].</summary>
    public int* Starts;

    public readonly void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var block = Blocks[chunk];
        var events = EventSeconds + block.Sequence;
        var next = NextSeconds + block.Sequence;
        var place = block.Place;
        var previous = -1;

        // Requests follow each other in time: where a bucket ended for one row, or later, it ends for the rows after it.
        var ends = stackalloc int[TimeBuckets.Count];
        new Span<int>(ends, TimeBuckets.Count).Clear();
        for (var row = block.FirstRow; row < block.EndRow; row++)
        {
            Starts[block.Sequence + row] = place;
            var column = 0;
            if (previous >= 0 && next[row] == next[row - 1])
            {
                // The same request time: the row before has the same runs, up to its own column.
                var count = place - previous;
                new ReadOnlySpan<uint>(Runs + previous, count).CopyTo(new Span<uint>(Runs + place, count));
                var last = Runs[place + count - 1];
                previous = place;
                place += count;
                column = row;
                if (TimeBuckets.OfDifference((uint)(next[row] - events[row])) == TimeRuns.Bucket(last))
                {
                    Runs[place - 1] = last + 256;
                    column++;
                }
            }
            else
            {
                previous = place;
            }

            while (column <= row)
            {
                var bucket = TimeBuckets.OfDifference((uint)(next[row] - events[column]));
                column = bucket == 0 ? row + 1 : FirstAfter(events, Math.Max(column + 1, ends[bucket]), row + 1, next[row] - TimeBuckets.Thresholds[bucket]);
                ends[bucket] = column;
                Runs[place++] = ((uint)column << 8) | (uint)bucket;
            }
        }
    }

    /// <summary>The first column from some on whose event is after a time; <paramref name="end"/> if none is.</summary>
    private static int FirstAfter(int* events, int column, int end, long time)
    {
        var step = 1;
        var from = column;
        while (column < end && events[column] <= time)
        {
            from = column + 1;
            column += step;
            step *= 2;
        }

        column = Math.Min(column, end);
        while (from < column)
        {
            var middle = from + ((column - from) / 2);
            (from, column) = events[middle] <= time ? (middle + 1, column) : (from, middle);
        }

        return from;
    }

    /// <summary>Rows of one sequence.</summary>
    /// <param name="Sequence">The sequence's first token.</param>
    /// <param name="FirstRow">Within the sequence.</param>
    /// <param name="EndRow">Behind the last.</param>
    /// <param name="Place">Where the block's runs begin.</param>
    internal readonly record struct Block(int Sequence, int FirstRow, int EndRow, int Place);
}
