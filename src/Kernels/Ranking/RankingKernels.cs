using ILGPU;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Ranking;

/// <summary>Ranks and best items of queries against a catalogue, a group a query.</summary>
internal static class RankingKernels
{
    private const int Invalid = -1;

    /// <summary>
    /// ranks[b] = 1 + the candidates with a greater score + those with an equal score and a smaller index, less those that the filter takes out; −1 where a
    /// score is NaN. The filter's items of query b are filtered[starts[b]] .. filtered[starts[b + 1]], without doubles; the target is not among them.
    /// </summary>
    [Kernel("ranking", "ranks")]
    public static void Ranks(
        ArrayView<float> queries, int queriesOffset, int queriesStride,
        ArrayView<float> items, int itemsOffset, int itemsStride,
        ArrayView<int> candidates, int candidatesOffset, int candidateCount,
        ArrayView<int> targets, int targetsOffset,
        ArrayView<int> starts, int startsOffset, ArrayView<int> filtered, int filteredOffset,
        ArrayView<int> ranks, int ranksOffset, int columns)
    {
        var counts = SharedMemory.Allocate<int>(GroupSizes.Row);
        var query = queriesOffset + (Grid.IdxX * queriesStride);
        var target = targets[targetsOffset + Grid.IdxX];
        var targetScore = Score(queries, query, items, itemsOffset + (target * itemsStride), columns);
        var invalid = Bits.IsNaN(targetScore) ? 1 : 0;
        var before = 0;
        for (var i = Group.IdxX; i < candidateCount; i += GroupSizes.Row)
        {
            var item = candidates[candidatesOffset + i];
            var score = Score(queries, query, items, itemsOffset + (item * itemsStride), columns);
            invalid |= Bits.IsNaN(score) ? 1 : 0;
            before += score > targetScore || (score == targetScore && item < target) ? 1 : 0;
        }

        var end = starts[startsOffset + Grid.IdxX + 1];
        for (var i = starts[startsOffset + Grid.IdxX] + Group.IdxX; i < end; i += GroupSizes.Row)
        {
            var item = filtered[filteredOffset + i];
            var score = Score(queries, query, items, itemsOffset + (item * itemsStride), columns);
            before -= score > targetScore || (score == targetScore && item < target) ? 1 : 0;
        }

        var total = GroupSum.Of(counts, before);
        var anyInvalid = GroupSum.Of(counts, invalid);
        if (Group.IdxX == 0)
        {
            ranks[ranksOffset + Grid.IdxX] = anyInvalid > 0 ? Invalid : total + 1;
        }
    }

    /// <summary>
    /// A group a query and a stretch of candidates: scores[b, i] of candidate i; the float of the bits <c>hidden</c> where the filter takes it out, which lists
    /// its items in increasing order, unless it is NaN. These bits are a NaN too, one that no score is given: every number may be a score, −∞ included.
    /// </summary>
    [Kernel("ranking", "scores")]
    public static void Scores(
        ArrayView<float> queries, int queriesOffset, int queriesStride,
        ArrayView<float> items, int itemsOffset, int itemsStride,
        ArrayView<int> candidates, int candidatesOffset, int candidateCount,
        ArrayView<int> starts, int startsOffset, ArrayView<int> filtered, int filteredOffset,
        ArrayView<float> scores, int scoresOffset, int firstQuery, int stretches, int columns, int hidden)
    {
        var b = Grid.IdxX / stretches;
        var stretch = Grid.IdxX - (b * stretches);
        var query = queriesOffset + ((firstQuery + b) * queriesStride);
        for (var i = (stretch * GroupSizes.Row) + Group.IdxX; i < candidateCount; i += stretches * GroupSizes.Row)
        {
            var item = candidates[candidatesOffset + i];
            var low = starts[startsOffset + firstQuery + b];
            var high = starts[startsOffset + firstQuery + b + 1];
            var score = Score(queries, query, items, itemsOffset + (item * itemsStride), columns);
            var shown = Contains(filtered, filteredOffset, low, high, item) ? Interop.IntAsFloat((uint)hidden) : score;
            scores[scoresOffset + (b * candidateCount) + i] = Bits.IsNaN(score) ? Bits.NaN : shown;
        }
    }

    /// <summary>
    /// A group a query: the k best of its scores, best first, equal ones by index. Each round takes the best of what comes after the round before; −1 and −∞
    /// where nothing is left, −2 in the first place where a score is NaN.
    /// </summary>
    [Kernel("ranking", "top-k")]
    public static void TopK(
        ArrayView<float> scores, int scoresOffset, int candidateCount,
        ArrayView<int> candidates, int candidatesOffset,
        ArrayView<int> topItems, int topItemsOffset, ArrayView<float> topScores, int topScoresOffset, int firstQuery, int k, int hidden)
    {
        var bestScores = SharedMemory.Allocate<float>(GroupSizes.Row);
        var bestPlaces = SharedMemory.Allocate<int>(GroupSizes.Row);
        var row = scoresOffset + (Grid.IdxX * candidateCount);
        var output = (firstQuery + Grid.IdxX) * k;
        var invalid = 0;
        for (var i = Group.IdxX; i < candidateCount; i += GroupSizes.Row)
        {
            var score = scores[row + i];
            invalid |= Bits.IsNaN(score) && (int)Interop.FloatAsInt(score) != hidden ? 1 : 0;
        }

        var anyInvalid = GroupSum.Of(bestScores, (float)invalid) > 0f;
        var lastScore = 0f;
        var lastPlace = -1;
        for (var rank = 0; rank < k; rank++)
        {
            var score = Bits.NegativeInfinity;
            var place = -1;
            for (var i = Group.IdxX; i < candidateCount; i += GroupSizes.Row)
            {
                var candidate = scores[row + i];
                var comesAfter = lastPlace < 0 || candidate < lastScore || (candidate == lastScore && i > lastPlace);
                if (comesAfter && (candidate > score || (place < 0 && candidate == score)))
                {
                    score = candidate;
                    place = i;
                }
            }

            bestScores[Group.IdxX] = score;
            bestPlaces[Group.IdxX] = place;
            Group.Barrier();
            for (var width = GroupSizes.Row >> 1; width > 0; width >>= 1)
            {
                if (Group.IdxX < width)
                {
                    var other = bestScores[Group.IdxX + width];
                    var otherPlace = bestPlaces[Group.IdxX + width];
                    var mine = bestScores[Group.IdxX];
                    if (otherPlace >= 0 && (other > mine || bestPlaces[Group.IdxX] < 0 || (other == mine && otherPlace < bestPlaces[Group.IdxX])))
                    {
                        bestScores[Group.IdxX] = other;
                        bestPlaces[Group.IdxX] = otherPlace;
                    }
                }

                Group.Barrier();
            }

            lastScore = bestScores[0];
            lastPlace = bestPlaces[0] < 0 ? candidateCount : bestPlaces[0];
            if (Group.IdxX == 0)
            {
                topItems[topItemsOffset + output + rank] = bestPlaces[0] < 0 ? -1 : candidates[candidatesOffset + bestPlaces[0]];
                topScores[topScoresOffset + output + rank] = lastScore;
            }

            Group.Barrier();
        }

        if (anyInvalid && Group.IdxX == 0)
        {
            topItems[topItemsOffset + output] = -2;
        }
    }

    private static float Score(ArrayView<float> queries, int query, ArrayView<float> items, int item, int columns)
    {
        var score = 0f;
        for (var d = 0; d < columns; d++)
        {
            score += queries[query + d] * items[item + d];
        }

        return score;
    }

    private static bool Contains(ArrayView<int> sorted, int offset, int low, int high, int value)
    {
        var end = high;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (sorted[offset + middle] < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < end && sorted[offset + low] == value;
    }
}
