using ILGPU;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Loads of shared memory before a barrier: at O2 one form lets the load slip behind the barrier, which is a race; the others are right.</summary>
public sealed class BarrierTests
{
    private const int Count = 4 * BarrierKernels.Threads;

    [Test]
    public void Forms_whose_loads_stay_before_the_barrier(
        [Values(
            nameof(BarrierKernels.FenceBeforeBarrier),
            nameof(BarrierKernels.TwoBarriers),
            nameof(BarrierKernels.BarrierFirst),
            nameof(BarrierKernels.LoadInLoop),
            nameof(BarrierKernels.LoadBehindCondition))] string form,
        [Values(OptimizationLevel.O1, OptimizationLevel.O2)] OptimizationLevel level) => Assert.That(Run(form, level).Z, Is.EqualTo(Sums()));

    [Test]
    public void A_load_right_before_a_barrier_is_moved_behind_it_at_O2()
    {
        Assert.That(Run(nameof(BarrierKernels.LoadBeforeBarrier), OptimizationLevel.O1).Z, Is.EqualTo(Sums()));
        var error = Assert.Throws<PtxException>(() => Run(nameof(BarrierKernels.LoadBeforeBarrier), OptimizationLevel.O2));
        Assert.That(error.Kind, Is.EqualTo(PtxErrorKind.Race));
    }

    [Test]
    public void A_load_stays_before_a_store_to_its_place([Values(OptimizationLevel.O1, OptimizationLevel.O2)] OptimizationLevel level)
    {
        var values = Enumerable.Range(1, BarrierKernels.Threads);
        Assert.Multiple(() =>
        {
            Assert.That(Run(nameof(BarrierKernels.LoadBeforeStore), level).Z, Is.EqualTo(values));
            Assert.That(Run(nameof(BarrierKernels.Swap), level).Z, Is.EqualTo(values));
            Assert.That(Run(nameof(BarrierKernels.LoadBeforeStoreUsedLater), level).Z, Is.EqualTo(values.Select(v => v + (Count * (Count - 1) / 2))));
        });
    }

    private static IEnumerable<int> Sums() => Enumerable.Range(0, BarrierKernels.Threads)
        .Select(thread => Enumerable.Range(0, 4).Sum(part => (part * BarrierKernels.Threads) + BarrierKernels.Threads - thread));

    private static (int[] X, int[] Z) Run(string form, OptimizationLevel level)
    {
        var device = new PtxInterpreter();
        var x = device.Allocate<int>([.. Enumerable.Range(1, Count)], "x");
        var z = device.Allocate<int>(new int[BarrierKernels.Threads], "z");
        device.Launch(KernelText.Load(typeof(BarrierKernels), form, level), 1, BarrierKernels.Threads, x.View<int>(), z.View<int>(), Count);
        return (x.Read<int>(), z.Read<int>());
    }
}
