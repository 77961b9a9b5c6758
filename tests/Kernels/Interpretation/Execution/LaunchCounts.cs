namespace LargeRec.Kernels.Tests.Interpretation.Execution;

/// <summary>Counts of a launch while it runs.</summary>
internal sealed class LaunchCounts(int instructions)
{
    /// <summary>How often a warp, and how many threads, executed each instruction of the program.</summary>
    public long[] Warps { get; } = new long[instructions];

    public long[] Threads { get; } = new long[instructions];

    public long GlobalLoads { get; set; }

    public long GlobalLoadSectors { get; set; }

    public long GlobalStores { get; set; }

    public long GlobalStoreSectors { get; set; }

    public long SharedAccesses { get; set; }

    public long SharedPasses { get; set; }

    public long LocalAccesses { get; set; }
}
