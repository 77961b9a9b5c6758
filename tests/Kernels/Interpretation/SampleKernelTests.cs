using ILGPU;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Kernels that ILGPU compiles, from C# to numbers: right ones against float64, wrong ones caught.</summary>
[TestFixture(OptimizationLevel.O1)]
[TestFixture(OptimizationLevel.O2)]
public sealed class SampleKernelTests(OptimizationLevel level)
{
    private readonly PtxInterpreter device = new();

    [TestCase(32)]
    [TestCase(64)]
    public void A_tiled_product_is_that_of_float64(int n)
    {
        var a = Values.Small(n * n, 1);
        var b = Values.Small(n * n, 2);
        var (c, report) = Product(nameof(SampleKernels.Product), a, b, n);
        for (var i = 0; i < n * n; i++)
        {
            var exact = Enumerable.Range(0, n).Sum(k => (double)a[(i / n * n) + k] * b[(k * n) + (i % n)]);
            // n products, each rounded once and added with one rounding: 2 n half units of the sum of magnitudes, which is at most n.
            Assert.That(c[i], Is.EqualTo(exact).Within(n * n * Math.Pow(2, -24)));
        }

        Assert.Multiple(() =>
        {
            Assert.That(report.Count("mul.f32"), Is.EqualTo((long)n * n * n));
            Assert.That(report.Count("bar.sync"), Is.EqualTo((long)n * n * n / SampleKernels.Tile * 2));
            Assert.That(report.SharedAccesses, Is.GreaterThan(0));
            Assert.That(report.GlobalLoadSectors, Is.EqualTo(2L * n * n * (n / SampleKernels.Tile) * sizeof(float) / 32));
        });
    }

    [Test]
    public void A_barrier_left_out_is_a_race()
    {
        var error = Assert.Throws<PtxException>(() => Product(nameof(SampleKernels.ProductWithoutBarrier), new float[1024], new float[1024], 32));
        Assert.That(error.Kind, Is.EqualTo(PtxErrorKind.Race));
        Assert.That(error.Instruction, Does.Contain(".shared.f32"));
    }

    [Test]
    public void An_index_one_too_high_is_out_of_bounds()
    {
        var x = device.Allocate<float>(new float[40], "x");
        var y = device.AllocateUnwritten<float>(40, "y");
        var kernel = KernelText.Load(typeof(SampleKernels), nameof(SampleKernels.OneTooMany), level);
        var error = Assert.Throws<PtxException>(() => device.Launch(kernel, 2, 32, x.View<float>(), y.View<float>(), 40));
        Assert.That((error.Kind, error.Thread, error.Group), Is.EqualTo((PtxErrorKind.OutOfBounds, 8, 1)));
        Assert.That(error.Message, Does.Contain("reads 4 bytes at byte 160 of 'x', which has 160"));
    }

    [Test]
    public void A_tree_of_sums_in_dynamic_shared_memory_is_that_of_float64()
    {
        const int Groups = 3;
        const int Count = 1000;
        var values = Values.Small(Groups * Count, 5);
        var x = device.Allocate<float>(values, "x");
        var sums = device.AllocateUnwritten<float>(Groups, "sums");
        var kernel = KernelText.Load(typeof(SampleKernels), nameof(SampleKernels.Sum), level);
        device.Launch(kernel, Groups, 128, new LaunchOptions { DynamicSharedBytes = 128 * sizeof(float) }, x.View<float>(), sums.View<float>(), Count);
        var expected = values.Chunk(Count).Select(part => part.Sum(v => (double)v));
        Assert.That(sums.Read<float>().Zip(expected, (s, e) => Math.Abs(s - e)), Is.All.LessThan(Count * Math.Pow(2, -24)));
    }

    [Test]
    public void A_sum_over_a_warp_by_shuffles_is_that_of_float64()
    {
        var values = Values.Small(128, 6);
        var x = device.Allocate<float>(values, "x");
        var sums = device.AllocateUnwritten<float>(4, "sums");
        device.Launch(KernelText.Load(typeof(SampleKernels), nameof(SampleKernels.WarpSum), level), 2, 64, x.View<float>(), sums.View<float>());
        var expected = values.Chunk(32).Select(part => part.Sum(v => (double)v));
        Assert.That(sums.Read<float>().Zip(expected, (s, e) => Math.Abs(s - e)), Is.All.LessThan(32 * Math.Pow(2, -24)));
    }

    private (float[] C, LaunchReport Report) Product(string method, float[] a, float[] b, int n)
    {
        PtxBuffer[] buffers = [device.Allocate<float>(a, "a"), device.Allocate<float>(b, "b"), device.AllocateUnwritten<float>(n * n, "c")];
        var report = Launch(KernelText.Load(typeof(SampleKernels), method, level), buffers, n);
        return (buffers[2].Read<float>(), report);
    }

    private LaunchReport Launch(PtxKernel kernel, PtxBuffer[] buffers, int n) => device.Launch(
        kernel,
        new LaunchSize(n / SampleKernels.Tile, n / SampleKernels.Tile),
        new LaunchSize(SampleKernels.Tile, SampleKernels.Tile),
        buffers[0].View<float>(),
        buffers[1].View<float>(),
        buffers[2].View<float>(),
        n);
}
