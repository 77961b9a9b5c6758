using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>The logits of a range's pairs, each to its place among its token's.</summary>
internal readonly unsafe struct RangeDotsJob(ItemRangeWork work) : IChunkJob
{
    private const int Block = 16;

    public void Run<TVector>(int range, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var pairs = work.Dealt + work.RangeStarts[range];
        var count = work.RangeStarts[range + 1] - work.RangeStarts[range];
        if (count == 0)
        {
            return;
        }

        nint stride = work.Stride;
        var rows = work.Load<TVector>(range, worker) - (work.FirstRows[range] * stride);
        var tokens = new PairToken(work.Inputs.NegativesPerToken + 1);
        var queries = work.Queries;
        var logits = work.Coefficients;
        var left = stackalloc float*[Block];
        var right = stackalloc float*[Block];
        var dots = stackalloc float[Block];
        for (var first = 0L; first < count; first += Block)
        {
            var length = (int)Math.Min(Block, count - first);
            for (var i = 0; i < Block; i++)
            {
                // The last block is filled up with its last pair.
                var pair = pairs[first + Math.Min(i, length - 1)];
                left[i] = queries + (tokens.Of(pair) * stride);
                right[i] = rows + ((nint)(pair >> 32) * stride);
            }

            RowDots.Pairs<TVector>(left, right, stride, dots);
            for (var i = 0; i < length; i++)
            {
                logits[(uint)pairs[first + i]] = dots[i];
            }
        }
    }
}
