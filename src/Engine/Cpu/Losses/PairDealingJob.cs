using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>
/// Counts a chunk's pairs by range of items, checking their ids, or, the places known, deals them out in the order of tokens. A dealt pair is (item, place of
/// its coefficient): a token's negatives have R places, and its label the one behind them.
/// </summary>
internal unsafe struct PairDealingJob(
    SampledSoftmaxInputs inputs, int* rows, int shift, int ranges, int chunks, long* places, ulong* dealt, float* tokenScratch, long tokenFloats) : IChunkJob
{
    private readonly int _tokensPerChunk = (inputs.TokenCount + chunks - 1) / chunks;

    /// <summary>[chunk, range]: how many pairs, then where they go.</summary>
    public readonly long* Places => places;

    /// <summary>Whether the places are known.</summary>
    public bool Deals { get; set; }

    public ChunkResults Results { get; init; }

    public readonly void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var ownPlaces = places + ((long)chunk * ranges);
        var start = (int)Math.Min(inputs.TokenCount, (long)chunk * _tokensPerChunk);
        var end = (int)Math.Min(inputs.TokenCount, (long)start + _tokensPerChunk);
        if (Deals)
        {
            Deal(start, end, ownPlaces);
        }
        else
        {
            Results.Set(chunk, 0);
            Count(chunk, start, end, ownPlaces, new(tokenScratch + (worker * tokenFloats), inputs.Columns, inputs.NegativesPerToken));
        }
    }

    private readonly void Count(int chunk, int start, int end, long* counts, in SampledSoftmaxScratch scratch)
    {
        new Span<long>(counts, ranges).Clear();
        for (var token = start; token < end; token++)
        {
            var outside = SampledSoftmaxToken.FetchIds(inputs, token, scratch, out var ids, out _);
            if (outside != inputs.NegativesPerToken)
            {
                Results.Fail(chunk, token, outside);
                return;
            }

            if (inputs.Labels[token] == 0)
            {
                continue;
            }

            counts[RangeOf(inputs.Labels[token])]++;
            for (nint r = 0; r < inputs.NegativesPerToken; r++)
            {
                counts[RangeOf(ids[r])]++;
            }
        }
    }

    private readonly void Deal(int start, int end, long* places)
    {
        nint count = inputs.NegativesPerToken;
        for (var token = start; token < end; token++)
        {
            var label = inputs.Labels[token];
            if (label == 0)
            {
                continue;
            }

            var negatives = inputs.Negatives + (token * count);
            var pair = (ulong)token * (ulong)(count + 1);
            dealt[places[RangeOf(label)]++] = ((ulong)label << 32) | (pair + (ulong)count);
            for (nint r = 0; r < count; r++)
            {
                var item = negatives[r];
                dealt[places[RangeOf(item)]++] = ((ulong)item << 32) | (pair + (ulong)r);
            }
        }
    }

    private readonly int RangeOf(int item) => (rows == null ? item : rows[item]) >> shift;
}
