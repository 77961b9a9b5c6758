using ILGPU;
using LargeRec.Engine.Maths;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Attention;

/// <summary>
/// HSTU's score of a query row i and a key row j of one head: S = ⟨q_i, k_j⟩ + position[N − 1 + j − i] + time[bucket(next_i − event_j)], its weight
/// SiLU(S)/N and what a change of the weight is worth to S.
/// </summary>
internal static class PairScore
{
    public static float Of(
        ArrayView<float> q, int query, ArrayView<float> k, int key, int dqk,
        ArrayView<float> position, int positionOfZero, ArrayView<float> time, int timeOffset, int hasPosition, int hasTime, int distance, int bucket)
    {
        var score = 0f;
        for (var d = 0; d < dqk; d++)
        {
            score += q[query + d] * k[key + d];
        }

        if (hasPosition != 0)
        {
            score += position[positionOfZero - distance];
        }

        if (hasTime != 0)
        {
            score += time[timeOffset + bucket];
        }

        return score;
    }

    public static float Weight(float score) => Elementary.Silu(new Lane(score)).Value;

    public static float Slope(float score) => Elementary.SiluDerivative(new Lane(score)).Value;

    public static float Dot(ArrayView<float> a, int aStart, ArrayView<float> b, int bStart, int count)
    {
        var sum = 0f;
        for (var d = 0; d < count; d++)
        {
            sum += a[aStart + d] * b[bStart + d];
        }

        return sum;
    }

    /// <summary>The last bucket whose threshold is at most the difference: 0 below the first.</summary>
    /// <param name="thresholds">The smallest difference of each bucket in seconds, never decreasing.</param>
    public static int Bucket(ArrayView<int> thresholds, int offset, int buckets, int seconds)
    {
        var low = 0;
        var high = buckets;
        while (high - low > 1)
        {
            var middle = (low + high) >> 1;
            if (thresholds[offset + middle] <= BelowNever(seconds))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Thresholds beyond 32 bits are given as the largest number, which no difference may reach.</summary>
    public static int BelowNever(int seconds) => seconds < int.MaxValue ? seconds : int.MaxValue - 1;
}
