using System.Diagnostics;

namespace LargeRec.Bench.Inference;

/// <summary>What single calls took, in milliseconds.</summary>
internal sealed class Latencies
{
    private readonly double[] _sorted;

    private Latencies(double[] sorted) => _sorted = sorted;

    public double Median => Quantile(0.5);

    public double P99 => Quantile(0.99);

    /// <summary>Times calls one by one, after a few that warm up.</summary>
    /// <param name="call">Gets the number of the call.</param>
    /// <param name="before">What is done before each call and not timed.</param>
    public static Latencies Of(int calls, Action<int> call, Action<int>? before = null)
    {
        for (var i = 0; i < Math.Max(3, calls / 10); i++)
        {
            before?.Invoke(i);
            call(i);
        }

        var times = new double[calls];
        for (var i = 0; i < calls; i++)
        {
            before?.Invoke(i);
            var start = Stopwatch.GetTimestamp();
            call(i);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return new(times);
    }

    /// <summary>The smallest time that so large a share of the calls did not exceed.</summary>
    private double Quantile(double share) => _sorted[Math.Max(0, (int)Math.Ceiling(share * _sorted.Length) - 1)];
}
