using System.Diagnostics;

namespace LargeRec.Engine.Gpu.Benchmarks;

/// <summary>Times launches by the host's clock: a queue of them, then a wait.</summary>
internal static class LaunchTimer
{
    private const int Rounds = 7;
    private const int MostLaunches = 200;
    private const double SecondsOfRound = 0.02;
    private const double MostSeconds = 2;

    /// <summary>Seconds of one launch: the median of a few rounds, each of so many launches that the wait behind them counts for little; what takes long is
    /// done less often.</summary>
    public static double Median(GpuDevice device, Action launch, CancellationToken cancellation)
    {
        // The first time loads kernels and makes memory; it also says whether there is time for more than one other.
        _ = Round(device, launch, 1);
        cancellation.ThrowIfCancellationRequested();
        var once = Round(device, launch, 1);
        if (once > MostSeconds / 2)
        {
            return once;
        }

        var count = (int)Math.Clamp(SecondsOfRound / Math.Max(once, 1e-9), 1, MostLaunches);
        var (times, spent) = (new List<double>(), 0.0);
        while (times.Count < Rounds && (times.Count == 0 || spent < MostSeconds))
        {
            cancellation.ThrowIfCancellationRequested();
            var seconds = Round(device, launch, count);
            times.Add(seconds / count);
            spent += seconds;
        }

        times.Sort();
        return times[times.Count / 2];
    }

    private static double Round(GpuDevice device, Action launch, int count)
    {
        device.Driver.Synchronize();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            launch();
        }

        device.Driver.Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
