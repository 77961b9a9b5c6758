using LargeRec.Engine.Cpu;

namespace LargeRec.Engine.Tests.Cpu;

/// <summary>The devices that a kernel's test runs on.</summary>
internal static class CpuConfigurations
{
    /// <summary>Thread counts whose results must be the same bits.</summary>
    public static readonly int[] ThreadCounts = [1, 2, 3, 8];

    /// <summary>The SIMD widths that this machine has.</summary>
    public static IEnumerable<SimdWidth> Widths => Enum.GetValues<SimdWidth>().Where(SimdWidths.Supports);
}
