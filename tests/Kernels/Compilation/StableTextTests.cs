using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Tests.Compilation;

/// <summary>A kernel's text depends on nothing but the kernel, though the compiler numbers names across all that it has compiled.</summary>
public sealed class StableTextTests
{
    private readonly Dictionary<(string, KernelTarget), string> _afterOthers = [];

    public static IEnumerable<string> Kernels => KernelCatalogue.All.Select(e => e.Name);

    [OneTimeSetUp]
    public void Compile_all_in_one_compiler_backwards()
    {
        var source = new IlgpuKernelSource();
        foreach (var entry in KernelCatalogue.All.Reverse())
        {
            foreach (var target in Enum.GetValues<KernelTarget>())
            {
                _afterOthers[(entry.Name, target)] = source.Load(entry.Name, target).Text;
            }
        }
    }

    [TestCaseSource(nameof(Kernels))]
    public void Compiled_alone_it_is_the_same_text(string kernel)
    {
        foreach (var target in new[] { KernelTarget.OpenCl, KernelTarget.Sm80 })
        {
            var alone = new IlgpuKernelSource();
            Assert.That(alone.Load(kernel, target).Text, Is.EqualTo(_afterOthers[(kernel, target)]), $"{target}");
        }
    }

    [Test]
    public void Compiled_twice_it_is_the_same_text()
    {
        var source = new IlgpuKernelSource();
        var kernel = KernelCatalogue.Name("attention", "hstu-backward-biases");
        foreach (var target in Enum.GetValues<KernelTarget>())
        {
            var first = source.Load(kernel, target).Text;
            Assert.That(source.Load(kernel, target).Text, Is.EqualTo(first));
        }
    }
}
