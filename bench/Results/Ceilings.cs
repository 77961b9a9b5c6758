namespace LargeRec.Bench.Results;

/// <summary>What the machine could do in the run that a result comes from.</summary>
/// <param name="Gigaflops">Fused multiply-adds, a multiply-add being two operations.</param>
/// <param name="MemoryGigabytes">GB/s read from memory.</param>
/// <param name="CacheGigabytes">GB/s read from a core's own cache.</param>
public sealed record Ceilings(double Gigaflops, double MemoryGigabytes, double CacheGigabytes)
{
    /// <summary>The higher of each.</summary>
    public Ceilings Highest(Ceilings other) => new(
        Math.Max(Gigaflops, other.Gigaflops), Math.Max(MemoryGigabytes, other.MemoryGigabytes), Math.Max(CacheGigabytes, other.CacheGigabytes));
}
