using System.Numerics;

namespace LargeRec.Engine.Operations;

/// <summary>
/// The buckets of HSTU's time bias: bucket(Δt) = min(floor(ln(max(|Δt|, 1))/0.301), 128) in float32, Δt in seconds. The published code's rounding is
/// reproduced by its integer thresholds: bucket b holds Δt from Threshold(b) to Threshold(b+1) − 1. Bucket 1 is empty.
/// </summary>
public static class TimeBuckets
{
    /// <summary>128 buckets and the one beyond.</summary>
    public const int Count = 129;

    private static readonly long[] FirstSeconds = ComputeThresholds();

    /// <summary>The bucket of each power of two.</summary>
    private static readonly byte[] OfPowers = [.. Enumerable.Range(0, 63).Select(power => (byte)Formula(1L << power))];

    /// <summary>The smallest Δt of each bucket; that of bucket 0 is 1, though it holds 0 too. An empty bucket has its successor's.</summary>
    public static ReadOnlySpan<long> Thresholds => FirstSeconds;

    /// <summary>The bucket of a time difference in seconds.</summary>
    public static int Of(long seconds) => OfDifference(seconds == long.MinValue ? long.MaxValue : Math.Abs(seconds));

    /// <summary>The bucket of a time difference that is not negative: from that of the power of two below it, at most three steps.</summary>
    internal static int OfDifference(long seconds)
    {
        var bucket = (int)OfPowers[BitOperations.Log2((ulong)(seconds | 1))];
        while (bucket + 1 < Count && FirstSeconds[bucket + 1] <= seconds)
        {
            bucket++;
        }

        return bucket;
    }

    /// <summary>The formula itself, rounded to float32 after each step; the logarithm by way of float64, lest a platform's own rounding of it tell.</summary>
    internal static int Formula(long seconds) =>
        Math.Min((int)((float)Math.Log((float)Math.Max(Math.Abs(seconds), 1)) / 0.301f), Count - 1);

    private static long[] ComputeThresholds()
    {
        var thresholds = new long[Count];
        thresholds[0] = 1;
        for (var bucket = 1; bucket < Count; bucket++)
        {
            long low = 1, high = 1L << 62;
            while (low < high)
            {
                var middle = low + ((high - low) / 2);
                (low, high) = Formula(middle) >= bucket ? (low, middle) : (middle + 1, high);
            }

            thresholds[bucket] = low;
        }

        return thresholds;
    }
}
