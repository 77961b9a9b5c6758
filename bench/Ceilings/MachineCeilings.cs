using LargeRec.Engine.Cpu;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Bench.Ceilings;

/// <summary>The ceilings of a machine, measured now.</summary>
internal static class MachineCeilings
{
    private const long FarBeyondCache = 128L << 20;
    private const long HalfASecondLevelCache = 512L << 10;

    /// <summary>Of several threads together, by as many times one: below it something else has the processors, and a floor drawn from such ceilings
    /// flatters.</summary>
    private const double LeastShare = 0.95;

    /// <summary>Whether so many threads do together about as many times what one does alone; says so on stderr where not.</summary>
    public static bool AreOurs(double gigaflops, int threads)
    {
        using var pool = new WorkerPool(1, SimdWidths.Widest);
        var alone = FmaCeiling.Measure(pool);
        var ours = gigaflops >= LeastShare * threads * alone;
        if (!ours)
        {
            Console.Error.WriteLine($"{gigaflops:F0} GFLOP/s on {threads} threads, {alone:F0} on one: something else has the processors; the "
                + $"result is not kept");
        }

        return ours;
    }

    public static Results.Ceilings Measure(int threads)
    {
        using var pool = new WorkerPool(threads, SimdWidths.Widest);
        return new(FmaCeiling.Measure(pool), ReadCeiling.Measure(pool, FarBeyondCache), ReadCeiling.Measure(pool, HalfASecondLevelCache));
    }
}
