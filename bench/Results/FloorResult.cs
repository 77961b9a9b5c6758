namespace LargeRec.Bench.Results;

/// <summary>What a job cannot do without, and the time of that at the ceilings, one after the other.</summary>
public sealed record FloorResult(double Gigaflop, double MemoryGigabytes, double CacheGigabytes, double Seconds);
