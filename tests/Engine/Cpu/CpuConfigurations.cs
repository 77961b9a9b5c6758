using LargeRec.Engine.Cpu;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Tests.Cpu;

/// <summary>The devices that a kernel's test runs on.</summary>
internal static class CpuConfigurations
{
    /// <summary>Thread counts whose results must be the same bits.</summary>
    public static readonly int[] ThreadCounts = [1, 2, 3, 8];

    /// <summary>All of them where the work is more than one chunk; else a single one does the same.</summary>
    public static int[] ThreadsFor(long values) => values > RowSplit.ChunkValues ? ThreadCounts : [1];

    /// <summary>The SIMD widths that this machine has.</summary>
    public static IEnumerable<SimdWidth> Widths => Enum.GetValues<SimdWidth>().Where(SimdWidths.Supports);
}
