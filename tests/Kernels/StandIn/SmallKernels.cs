using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Tests.StandIn;

/// <summary>Texts that are good enough for the stand-in, which reads no more of them than their head.</summary>
internal static class SmallKernels
{
    private static readonly KernelImage Plain = Image();

    /// <summary>A kernel of a view and a number.</summary>
    public static KernelImage Image(string version = "8.0", string target = "sm_80", string entry = "Kernel") => new(
        "test.small.plain",
        KernelTarget.Sm80,
        "Kernel",
        [KernelParameter.View, KernelParameter.Word],
        $".version {version}\n.target {target}\n.address_size 64\n\n.visible .entry {entry}(\n\t.param .align 8 .b8 _view_0[16],\n\t.param .b32 "
        + $"_count_1\n)\n{{\n\tret;\n}}\n");

    /// <summary>Launches it over the first words of a slab.</summary>
    public static void Launch(GpuDriver driver, nint kernel, nint slab, int words, int groups = 3, int threads = 64, int sharedBytes = 0)
    {
        Span<KernelArgument> arguments = [new(KernelParameter.View, slab, words), new(KernelParameter.Word, 0, -7)];
        driver.Launch(kernel, Plain, groups, threads, sharedBytes, arguments);
    }
}
