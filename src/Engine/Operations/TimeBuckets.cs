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

    /// <summary>The smallest Δt of each bucket; <see cref="long.MaxValue"/> for those beyond 32 bits of seconds.</summary>
    public static ReadOnlySpan<long> Thresholds => FirstSeconds;

    /// <summary>The bucket of a time difference in seconds.</summary>
    public static int Of(long seconds)
    {
        var magnitude = Math.Max(Math.Abs(seconds), 1);
        var bucket = FirstSeconds.AsSpan().BinarySearch(magnitude);
        if (bucket < 0)
        {
            return ~bucket - 1;
        }

        // Thresholds repeat where a bucket is empty: the last of equal ones is the bucket.
        while (bucket + 1 < Count && FirstSeconds[bucket + 1] == magnitude)
        {
            bucket++;
        }

        return bucket;
    }

    /// <summary>The formula itself, as float32 computes it.</summary>
    internal static int Formula(long seconds) => (int)(MathF.Log(Math.Max(Math.Abs(seconds), 1)) / 0.301f);

    private static long[] ComputeThresholds()
    {
        var thresholds = new long[Count];
        thresholds[0] = 1;
        for (var bucket = 1; bucket < Count; bucket++)
        {
            long low = 1, high = 1L << 34;
            if (Formula(high) < bucket)
            {
                thresholds[bucket] = long.MaxValue;
                continue;
            }

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
