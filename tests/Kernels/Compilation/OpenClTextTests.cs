using System.Text.RegularExpressions;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Tests.Compilation;

/// <summary>What the text pass promises of every kernel's OpenCL C.</summary>
public sealed partial class OpenClTextTests
{
    private readonly IlgpuKernelSource source = new();

    [Test]
    public void Every_barrier_and_fence_covers_local_memory_and_sums_wrap_around()
    {
        var (barriers, fences, sums) = (0, 0, 0);
        foreach (var entry in KernelCatalogue.All)
        {
            var text = source.Load(entry.Name, KernelTarget.OpenCl).Text;
            Assert.Multiple(() =>
            {
                Assert.That(text, Does.Not.Contain("work_group_barrier"), $"{entry}: not of OpenCL 1.2");
                Assert.That(Fence().Matches(text).Where(m => !m.Value.Contains("CLK_LOCAL_MEM_FENCE", StringComparison.Ordinal)), Is.Empty, $"{entry}");
                Assert.That(SignedSum().Match(text).Value, Is.Empty, $"{entry}: what overflows is undefined");
            });
            barriers += text.Split(" barrier(").Length - 1;
            fences += text.Split("mem_fence(").Length - 1;
            sums += text.Split("(int)((uint)").Length - 1;
        }

        // The pass has found what it is for.
        Assert.That((barriers, fences, sums), Is.GreaterThan((50, 0, 500)));
    }

    [GeneratedRegex(@"\b(?:barrier|mem_fence)\s*\([^)]*\)")]
    private static partial Regex Fence();

    [GeneratedRegex(@"\((int|long)\)\s*\(\s*\(\1\)\s*\S+\s*[-+*]\s*\(\1\)")]
    private static partial Regex SignedSum();
}
