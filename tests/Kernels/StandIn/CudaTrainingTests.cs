using LargeRec.Data.Batching;
using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Cuda;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Training.Tests;

namespace LargeRec.Kernels.Tests.StandIn;

/// <summary>
/// A training of a small HSTU on the stand-in: what is launched, copied and allocated a step. Nothing is computed there, so every value is 0.
/// </summary>
[NonParallelizable]
public sealed class CudaTrainingTests
{
    private readonly StandInLibrary library = StandInLibrary.Build("training");
    private readonly IlgpuKernelSource compiler = new();
    private readonly NamedEntries names;

    public CudaTrainingTests() => names = new NamedEntries(compiler);

    [Test]
    public void A_step_is_two_graphs_waits_once_and_allocates_the_same()
    {
        library.Reset();
        using (var run = Open())
        {
            var batch = run.Batch(0);
            var unrecorded = Step(run, batch);
            var recorded = Step(run, batch);
            Assert.That((unrecorded.Graphs, unrecorded.Kernels), Is.EqualTo((0L, (long)unrecorded.Launches.Length)));
            Assert.That((recorded.Graphs, recorded.Kernels), Is.EqualTo((2L, (long)recorded.Launches.Length)), "recorded kernel by kernel, run as two");

            var steps = Enumerable.Range(0, 20).Select(_ => Step(run, batch)).ToArray();
            var last = steps[^1];
            TestContext.Out.WriteLine(
                $"{last.Launches.Length} launches in {last.Graphs} graphs, {last.Reads} reads, {last.Writes} writes, {last.Managed:N0} managed bytes a step; "
                + $"unrecorded {unrecorded.Managed:N0}");
            foreach (var kernel in last.Launches.GroupBy(l => l.Split(' ')[0]))
            {
                TestContext.Out.WriteLine($"{kernel.Count(),4} {kernel.Key}");
            }

            Assert.That(string.Join(' ', last.Launches), Does.Contain("attention_hstu_forward").And.Contain("optimizer_adamw"));
            foreach (var step in steps)
            {
                Assert.That(step.Launches, Is.EqualTo(recorded.Launches), "the same launches every step");
                Assert.That((step.Graphs, step.Kernels), Is.EqualTo((2L, 0L)), "gradients and update");
                Assert.That(step.Reads, Is.EqualTo(1), "the loss, and nothing else, is read");
                Assert.That(step.Slabs, Is.Zero, "memory that is asked of the driver");
                Assert.That(step.Managed, Is.LessThanOrEqualTo(64 << 10));
            }

            Assert.That(steps[^1].Managed, Is.EqualTo(steps[^2].Managed), "managed allocation is a constant");
            Assert.That(library.Calls("cuGraphInstantiateWithFlags"), Is.EqualTo(2));

            // A device that records nothing launches the same.
            using var plain = Open(mostRecordings: 0);
            Step(plain, batch);
            Assert.That(Step(plain, batch).Launches, Is.EqualTo(recorded.Launches));
            Assert.That(library.Calls("cuGraphInstantiateWithFlags"), Is.EqualTo(2));
        }

        Assert.That((library.Faults, library.Leaked, library.Alive), Is.EqualTo(("", 0L, 0L)));
    }

    /// <summary>
    /// The host's calls in their order: the gradients of a step are queued, then on the other stream the copy of the next batch, and only then the loss is
    /// waited for. The copy waits for nothing of the step but the beginning, where its own inputs were taken.
    /// </summary>
    [Test]
    public void The_next_batch_is_copied_while_a_step_runs([Values("training.accumulation=1", "training.accumulation=2")] string accumulation)
    {
        library.Reset();
        using (var run = Open("training.batch_size=8", accumulation))
        {
            var batch = run.Batch(0);
            for (var step = 0; step < 4; step++)
            {
                library.ForgetLaunches();
                run.Trainer.TrainOn(batch, () => batch);
            }

            var order = library.Order;
            TestContext.Out.WriteLine(string.Join(", ", order));
            var forwards = accumulation.EndsWith('2') ? 2 : 1;
            var at = 0;
            for (var forward = 0; forward < forwards; forward++)
            {
                // What was sent during the forward before is taken, after the event that says that it has landed.
                var taken = Array.IndexOf(order, "cuMemcpyDtoDAsync_v2 1", at);
                Assert.That(order[taken - 1], Is.EqualTo("cuStreamWaitEvent 1"));
                var gradients = Array.IndexOf(order, "cuGraphLaunch 1", taken);
                Assert.That(order[at..gradients].Count(c => c == "cuMemcpyHtoDAsync_v2 2"), Is.LessThanOrEqualTo(3), "numbers of the step");
                Assert.That(
                    order[(gradients + 1)..(gradients + 6)],
                    Is.EqualTo(new[] { "cuStreamWaitEvent 2", "cuMemcpyHtoDAsync_v2 2", "cuEventRecord 2", "cuMemcpyDtoHAsync_v2 1", "cuStreamSynchronize 1" }),
                    "the next batch, then the loss");
                at = gradients + 6;
            }

            Assert.That(order[at..].Count(c => c == "cuGraphLaunch 1"), Is.EqualTo(1), "the update");
        }

        Assert.That((library.Faults, library.Leaked, library.Alive), Is.EqualTo(("", 0L, 0L)));
    }

    /// <summary>The norm is decided on the host: one graph and one read between the others, and no memory of the driver's, whose freeing would wait for the
    /// device.</summary>
    [Test]
    public void Clipping_takes_no_memory_of_the_driver()
    {
        library.Reset();
        using var run = Open("optimizer.clip_norm=0.5");
        var batch = run.Batch(0);
        Step(run, batch);
        var launched = Step(run, batch);
        Step(run, batch);
        var frees = library.Calls("cuMemFree_v2");
        var step = Step(run, batch);
        Assert.That((step.Graphs, step.Kernels, step.Reads), Is.EqualTo((3L, 0L, 2L)));
        Assert.That(step.Launches, Is.EqualTo(launched.Launches));
        Assert.That((step.Slabs, library.Calls("cuMemFree_v2") - frees), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void A_size_class_is_a_graph_whatever_its_tokens()
    {
        library.Reset();
        using (var run = Open("training.batch_size=8"))
        {
            // Sixteen sequences in two forwards, the second of which adds to the first's gradients.
            using var twice = Open("training.batch_size=8", "training.accumulation=2");
            var classes = new HashSet<(int, int)>();
            for (var step = 0; step < 60; step++)
            {
                var batch = run.Batch(step);
                classes.Add((run.Device.PaddedRows(batch.TokenCount), batch.SequenceCount));
                run.Trainer.TrainOn(batch);
            }

            Assert.That(classes, Has.Count.GreaterThan(2).And.Count.LessThan(10));
            Assert.That(library.Calls("cuGraphInstantiateWithFlags"), Is.EqualTo(classes.Count + 1), "a class, and the update");
            var repeated = twice.Batch(0);
            for (var step = 0; step < 3; step++)
            {
                Assert.That(Step(twice, repeated).Graphs, Is.EqualTo(step == 0 ? 0 : 3), "the forward that writes, the one that adds, the update");
            }
        }

        Assert.That((library.Faults, library.Leaked, library.Alive), Is.EqualTo(("", 0L, 0L)));
    }

    /// <summary>Each call fails at its first, its middle and its last time: one line that names it, and the training goes on as if nothing had been.</summary>
    [Test]
    public void Each_call_of_a_training_fails_once_and_the_next_steps_are_whole()
    {
        library.Reset();
        var (whole, _) = Train(() => { });
        var atStart = new Dictionary<string, long>();
        library.Reset();
        Train(() => atStart = library.CallNames.ToDictionary(n => n, library.Calls));
        var calls = library.CallNames.Where(IsOfSteps).ToDictionary(n => n, n => library.Calls(n) - atStart.GetValueOrDefault(n));
        Assert.That(calls.Where(c => c.Key.Contains("Graph", StringComparison.Ordinal)).Select(c => c.Value).ToArray(),
            Has.Length.EqualTo(4).And.All.GreaterThan(1));
        foreach (var (call, count) in calls)
        {
            foreach (var nth in new HashSet<long> { 1, (count + 1) / 2, count })
            {
                library.Reset();
                var (launches, error) = Train(() => library.Fail(call, nth));
                var where = $"{call}, {nth} of {count}: {error?.Message ?? "no error"}";
                var isCleaning = call.Contains("Destroy", StringComparison.Ordinal) || call.Contains("Free", StringComparison.Ordinal);
                Assert.That((library.Faults, library.Alive), Is.EqualTo(("", 0L)), where);
                Assert.That(library.Leaked, Is.LessThanOrEqualTo(isCleaning ? 1 : 0), where);
                if (error is not null)
                {
                    Assert.That(error, Is.InstanceOf<GpuException>().Or.InstanceOf<KernelException>(), where);
                    Assert.That(
                        error.Message,
                        Does.Contain(call.Replace("_v2", "", StringComparison.Ordinal)).And.Contain("CUDA_ERROR_UNKNOWN (999)").And.Not.Contain("\n"), where);
                }

                Assert.That(error is not null || isCleaning || call == "cuStreamSynchronize", where);
                Assert.That(launches, Is.EqualTo(whole), where);
            }
        }

        // Four steps; after a failure four more. The launches of the last one.
        (string[] Launches, Exception? Error) Train(Action beforeSteps)
        {
            Exception? error = null;
            using var run = Open();
            var batch = run.Batch(0);
            beforeSteps();
            for (var step = 0; step < 4; step++)
            {
                try
                {
                    library.ForgetLaunches();
                    run.Trainer.TrainOn(batch, () => batch);
                }
                catch (Exception exception) when (error is null && exception is (GpuException or KernelException))
                {
                    error = exception;
                    step = -1;
                }
            }

            return (library.Launches, error);
        }

        static bool IsOfSteps(string call) =>
            call.Contains("Graph", StringComparison.Ordinal) || call.Contains("Capture", StringComparison.Ordinal)
            || call is "cuLaunchKernel" or "cuMemcpyHtoDAsync_v2" or "cuMemcpyDtoHAsync_v2" or "cuMemcpyDtoDAsync_v2" or "cuStreamSynchronize"
                or "cuStreamWaitEvent" or "cuEventRecord" or "cuEventSynchronize";
    }

    [Test]
    public void A_device_lost_under_a_graph_and_one_without_memory_for_it_are_one_line()
    {
        library.Reset();
        using (var run = Open())
        {
            var batch = run.Batch(0);
            run.Trainer.TrainOn(batch);
            library.Fail("cuGraphInstantiateWithFlags", status: 2);
            Assert.That(
                () => run.Trainer.TrainOn(batch),
                Throws.InstanceOf<InsufficientMemoryException>().With.Message.Match(
                    "^cuda .*: cuGraphInstantiateWithFlags: the device's memory is full, [0-9,]+ are held, [0-9,]+ of [0-9,]+ are free; end what else "
                    + "uses the device"));
            run.Trainer.TrainOn(batch);
            run.Trainer.TrainOn(batch);
            library.Fail("cuStreamSynchronize", status: 700, lasting: true);
            Assert.That(
                () => run.Trainer.TrainOn(batch),
                Throws.InstanceOf<GpuException>().With.Message.Contains("CUDA_ERROR_ILLEGAL_ADDRESS (700)")
                .And.Message.Contains("(the latest kernel was one of a recorded step)"));
        }

        library.Reset();
        using (var run = Open())
        {
            var batch = run.Batch(0);
            run.Trainer.TrainOn(batch);
            run.Trainer.TrainOn(batch);
            library.Fail("cuGraphLaunch", status: 214, lasting: true);
            const string Lost = "the device is lost: reset it or restart the machine, then resume from the last checkpoint";
            Assert.That(() => run.Trainer.TrainOn(batch), Throws.InstanceOf<GpuException>().With.Message.Contains("cuGraphLaunch failed")
                .And.Message.Contains(Lost));
            Assert.That(() => run.Trainer.TrainOn(batch), Throws.InstanceOf<GpuException>().With.Message.Contains(Lost));
        }
    }

    private TinyRun Open(params string[] overrides) => Open(32, overrides);

    private TinyRun Open(int mostRecordings, params string[] overrides) =>
        new(new GpuDevice(CudaDriver.Open(null, library.Path), names, mostRecordings), false, overrides);

    private (string[] Launches, long Graphs, long Kernels, long Reads, long Writes, long Slabs, long Managed) Step(TinyRun run, JaggedBatch batch)
    {
        string[] calls = ["cuGraphLaunch", "cuLaunchKernel", "cuMemcpyDtoHAsync_v2", "cuMemcpyHtoDAsync_v2", "cuMemAlloc_v2"];
        library.ForgetLaunches();
        var before = Array.ConvertAll(calls, library.Calls);
        var managed = GC.GetAllocatedBytesForCurrentThread();
        run.Trainer.TrainOn(batch);
        managed = GC.GetAllocatedBytesForCurrentThread() - managed;
        var made = calls.Zip(before, (call, count) => library.Calls(call) - count).ToArray();
        return (library.Launches, made[0], made[1], made[2], made[3], made[4], managed);
    }

    /// <summary>Entry points named by kernel, so that the stand-in's list of launches can be read.</summary>
    private sealed class NamedEntries(IKernelSource source) : IKernelSource
    {
        public KernelImage Load(string name, KernelTarget target)
        {
            var image = source.Load(name, target);
            var entry = name.Replace(".plain", "", StringComparison.Ordinal).Replace('.', '_').Replace('-', '_');
            return image with { EntryPoint = entry, Text = image.Text.Replace($".entry {image.EntryPoint}(", $".entry {entry}(", StringComparison.Ordinal) };
        }
    }
}
