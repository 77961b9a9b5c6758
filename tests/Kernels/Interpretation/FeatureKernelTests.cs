using ILGPU;
using LargeRec.Engine.Gpu.Images;
using FinishedPtx = LargeRec.Kernels.Compilation.PtxText;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Everything that ILGPU emits is understood, at both levels.</summary>
[TestFixture(OptimizationLevel.O1)]
[TestFixture(OptimizationLevel.O2)]
public sealed class FeatureKernelTests(OptimizationLevel level)
{
    private static readonly int[] Numbers = [.. Enumerable.Range(0, 64).Select(i => i * 7 % 45)];

    [Test]
    public void Vectors()
    {
        float[] x = [.. Enumerable.Range(0, 256).Select(i => (float)i)];
        var y = Map<float, float>(nameof(FeatureKernels.Vectors), x);
        Assert.That(y, Is.EqualTo(x.Chunk(4).SelectMany(v => (float[])[v[3], v[2], v[1], v[0] + v[3]])));
    }

    [Test]
    public void Local_arrays() => Assert.That(Map<int, int>(nameof(FeatureKernels.LocalArray), Numbers), Is.EqualTo(Numbers.Select(n => (n & 7) * (n & 7))));

    [Test]
    public void Switches() => Assert.That(
        Map<int, int>(nameof(FeatureKernels.Switch), Numbers),
        Is.EqualTo(Numbers.Select((n, i) => n switch { 0 => 5, 1 => i, 2 => 5, 3 => 12, _ => 7 })));

    [Test]
    public void Calls_of_functions_that_are_not_inlined()
    {
        static int Collatz(int n) => n <= 1 ? 0 : 1 + Collatz(n % 2 == 0 ? n / 2 : (3 * n) + 1);
        Assert.That(Map<int, int>(nameof(FeatureKernels.Call), Numbers), Is.EqualTo(Numbers.Select(n => Collatz(n) + 7)));
    }

    [Test]
    public void Halves()
    {
        System.Half[] x = [.. Numbers.Select(n => (System.Half)(n * 0.37f))];
        Assert.That(Map<System.Half, System.Half>(nameof(FeatureKernels.Halves), x), Is.EqualTo(x.Select(h => (System.Half)((float)h * 1.1f))));
    }

    [Test]
    public void Votes_of_a_group() => Assert.That(Map<int, int>(nameof(FeatureKernels.Votes), Numbers), Is.All.EqualTo(Numbers.Count(n => n > 2) + 100 + 1000));

    [Test]
    public void Atomics_in_shared_memory() => Assert.That(
        Map<int, int>(nameof(FeatureKernels.SharedCount), Numbers),
        Is.EqualTo(Numbers.Select((_, i) => Numbers.Count(n => (n & 3) == (i & 3)))));

    [Test]
    public void Inline_fma()
    {
        var x = Values.Small(64, 4);
        Assert.That(Map<float, float>(nameof(FeatureKernels.FusedInline), x), Is.EqualTo(x.Select(v => MathF.FusedMultiplyAdd(v, v, -1))));
    }

    [Test]
    public void Inline_tensor_cores([Values] bool finished)
    {
        // With 10 bits behind the point nothing is lost, and the sum of 8 products is exact in float64.
        float[] a = [.. Values.Small(128, 1).Select(v => MathF.Round(v * 512) / 512)];
        float[] b = [.. Values.Small(64, 2).Select(v => MathF.Round(v * 512) / 512)];
        var device = new PtxInterpreter();
        var d = device.AllocateUnwritten<float>(128, "d");
        var text = KernelText.Compile(typeof(FeatureKernels).GetMethod(nameof(FeatureKernels.TensorProduct))!, level);
        var kernel = PtxModule.Parse(finished ? FinishedPtx.Finish(text, KernelTarget.Sm80).Text : text).Kernel;
        device.Launch(kernel, 1, 32, device.Allocate<float>(a, "a").View<float>(), device.Allocate<float>(b, "b").View<float>(), d.View<float>());
        var expected = Enumerable.Range(0, 128).Select(i => (float)Enumerable.Range(0, 8).Sum(k => (double)a[(i / 8 * 8) + k] * b[(k * 8) + (i % 8)]));
        Assert.That(d.Read<float>(), Is.EqualTo(expected));
    }

    private TOut[] Map<TIn, TOut>(string name, TIn[] input)
        where TIn : unmanaged
        where TOut : unmanaged
    {
        var device = new PtxInterpreter();
        var x = device.Allocate<TIn>(input, "x");
        var y = device.AllocateUnwritten<TOut>(input.Length, "y");
        device.Launch(KernelText.Load(typeof(FeatureKernels), name, level), 1, 64, x.View<TIn>(), y.View<TOut>());
        return y.Read<TOut>();
    }
}
