using System.Text.RegularExpressions;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>A kernel that computes something else is found by comparing what PoCL computes with the CPU. (The other checks' planted faults stand beside
/// them.)</summary>
public sealed partial class PlantedFaultTests
{
    [TestCase("pointwise.add.plain", "fill, copy, add, dropout")]
    [TestCase("product.multiply-relu.plain", "product with relu")]
    [TestCase("loss.sampled-softmax-items.plain", "sampled softmax")]
    public void A_sum_that_became_a_difference_is_found(string kernel, string stop)
    {
        var chosen = KernelTour.Stops.First(s => s.Name.StartsWith(stop, StringComparison.Ordinal));
        using var cpu = new CpuDevice(1, SimdWidth.Bits256);
        var expected = chosen.Run(cpu);
        using var right = TestDevices.Open(KernelDevice.OpenCl, new IlgpuKernelSource());
        Agreement.Close(chosen.Run(right), expected, 1e-4, 1e-4);
        using var wrong = TestDevices.Open(KernelDevice.OpenCl, new Planted(kernel));
        Assert.That(chosen.Run(wrong).Zip(expected, (a, e) => Math.Abs(a - e)).Max(), Is.GreaterThan(1e-2));
    }

    [GeneratedRegex(@"\(float\)\((\(float\) \w+) \+  \(float\)")]
    private static partial Regex Sum();

    /// <summary>The kernels' texts, but that one of them takes away where it should add.</summary>
    private sealed class Planted(string kernel) : IKernelSource
    {
        private readonly IlgpuKernelSource _source = new();

        public KernelImage Load(string name, KernelTarget target)
        {
            var image = _source.Load(name, target);
            if (name != kernel)
            {
                return image;
            }

            var text = Sum().Replace(image.Text, "(float)($1 -  (float)");
            Assert.That(text, Is.Not.EqualTo(image.Text), "nothing was planted");
            return image with { Text = text };
        }
    }
}
