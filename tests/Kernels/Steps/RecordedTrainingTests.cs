using LargeRec.Data.Batching;
using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.OpenCl;
using LargeRec.Kernels.Tests.Devices;
using LargeRec.Training;
using LargeRec.Training.Tests;

namespace LargeRec.Kernels.Tests.Steps;

/// <summary>A training whose steps are recorded and replayed, beside the same one launched kernel by kernel: every bit is the same.</summary>
[TestFixture(KernelDevice.OpenCl)]
[TestFixture(KernelDevice.InterpretedPtx)]
public sealed class RecordedTrainingTests(KernelDevice kind) : IDisposable
{
    private readonly IlgpuKernelSource source = new();

    /// <summary>Everything that differs from step to step: dropout, draws, a second forward that adds, clipping.</summary>
    private static readonly string[] Everything = ["training.batch_size=8", "training.accumulation=2", "optimizer.clip_norm=0.5"];

    /// <summary>The interpreter takes a second for a step.</summary>
    private int Steps => kind == KernelDevice.OpenCl ? 60 : 5;

    [OneTimeTearDown]
    public void Dispose() => source.Dispose();

    [Test]
    public void Has_the_same_bits()
    {
        var driver = Driver();
        using var recorded = new TinyRun(new GpuDevice(driver, source), false, Everything);
        using var plain = new TinyRun(new GpuDevice(Driver(), source, mostRecordings: 0), false, Everything);
        var device = (GpuDevice)recorded.Device;
        var replayedAlone = 0;
        for (var step = 0; step < Steps; step++)
        {
            var launches = driver.Launches;
            Assert.That(recorded.Trainer.TrainOn(recorded.Batch(step)), Is.EqualTo(plain.Trainer.TrainOn(plain.Batch(step))), $"loss of step {step + 1}");
            Assert.That(recorded.Trainer.GradientNorm, Is.EqualTo(plain.Trainer.GradientNorm), $"norm of step {step + 1}");

            // What is left are the sums of the norm, one a parameter.
            replayedAlone += driver.Launches - launches == recorded.Model.Parameters.Count ? 1 : 0;
        }

        TestContext.Out.WriteLine($"{device.Recordings.Count} recordings, {device.Recordings.Replays} replays, {replayedAlone} of {Steps} steps replayed alone");
        Assert.That(recorded.Weights(), Is.EqualTo(plain.Weights()));
        Assert.That(device.Recordings.Count, Is.GreaterThanOrEqualTo(3), "a forward that writes, one that adds, the update");
        Assert.That(replayedAlone, Is.GreaterThan(kind == KernelDevice.OpenCl ? Steps / 2 : 0));
        Assert.That(((GpuDevice)plain.Device).Recordings.Replays, Is.Zero);
    }

    [Test]
    public void Tracing_changes_no_bit_and_names_the_operation()
    {
        using var recorded = new TinyRun(new GpuDevice(Driver(), source));
        using var traced = new TinyRun(new GpuDevice(Driver(), source), traceNonFinite: true);
        for (var step = 0; step < 3; step++)
        {
            Assert.That(traced.Trainer.TrainOn(traced.Batch(0)), Is.EqualTo(recorded.Trainer.TrainOn(recorded.Batch(0))), $"step {step + 1}");
        }

        Assert.That(traced.Weights(), Is.EqualTo(recorded.Weights()));
        Assert.That(((GpuDevice)recorded.Device).Recordings.Replays, Is.GreaterThan(2));

        foreach (var run in new[] { recorded, traced })
        {
            var spoilt = run.Model.Parameters.First(p => p.Name.Contains("_uvqk", StringComparison.Ordinal));
            run.Device.Upload(Enumerable.Repeat(float.NaN, (int)spoilt.Shape.Count).ToArray(), spoilt.Value);
        }

        var before = recorded.Weights();
        Assert.That(
            () => recorded.Trainer.TrainOn(recorded.Batch(0)),
            Throws.InstanceOf<Autograd.NonFiniteException>().With.Message.StartsWith("step 4: the loss is NaN; train again with --trace-nan"));
        Assert.That(recorded.Weights(), Is.EqualTo(before), "a replayed step that fails changes nothing");
        Assert.That(() => traced.Trainer.TrainOn(traced.Batch(0)), Throws.InstanceOf<Autograd.NonFiniteException>().With.Message.StartsWith("step 4: projection: "));
    }

    [Test]
    public void A_whole_run_and_one_that_was_stopped_have_the_same_bits()
    {
        if (kind != KernelDevice.OpenCl)
        {
            Assert.Ignore("a whole run takes the interpreter minutes");
        }

        using var folder = new TemporaryFolder();
        string[] overrides =
        [
            .. Everything, "training.epochs=3", "training.checkpoint_every=3", "optimizer.schedule=cosine", "optimizer.final_learning_rate=0.0001",
            "optimizer.warmup_steps=5", "evaluation.bootstrap=5",
        ];
        var replays = Execute("recorded", 32, CancellationToken.None);
        Assert.That(Execute("plain", 0, CancellationToken.None), Is.Zero);
        Assert.That(replays, Is.GreaterThan(10));
        EqualRuns.AssertEqual(folder["recorded"], folder["plain"], "recorded");

        using var stop = new CancellationTokenSource();
        var observer = new StoppingObserver(moment => { if (moment == "step 7") { stop.Cancel(); } });
        Assert.That(() => Execute("stopped", 32, stop.Token, observer), Throws.InstanceOf<OperationCanceledException>());
        using (var device = new GpuDevice(Driver(), source))
        {
            TrainingRun.Resume(folder["stopped"], device);
        }

        EqualRuns.AssertEqual(folder["stopped"], folder["recorded"], "stopped and resumed");

        long Execute(string name, int mostRecordings, CancellationToken cancellation, ITrainingObserver? watching = null)
        {
            using var device = new GpuDevice(Driver(), source, mostRecordings);
            TrainingRun.Execute(TinyRun.Configuration(overrides), device, new TrainingRunOptions { RunDirectory = folder[name] }, watching, cancellation);
            return device.Recordings.Replays;
        }
    }

    [Test]
    public void A_thousand_steps_take_no_more_memory_than_ten()
    {
        if (kind != KernelDevice.OpenCl)
        {
            Assert.Ignore("a thousand steps take the interpreter an hour");
        }

        var driver = Driver();
        using var run = new TinyRun(new GpuDevice(driver, source), false, "optimizer.clip_norm=0.5");
        var longest = run.Data.Split.Training.ToArray().OrderByDescending(e => e.Length).Take(16).ToArray();
        var batch = new JaggedBatch();
        batch.Fill(run.Data.Sequences, longest);
        run.Trainer.Reserve(batch);
        var (held, latest, most) = (0L, 0L, 0L);
        for (var step = 0; step < 1000; step++)
        {
            run.Sampler.Fill(batch, step);
            var before = GC.GetAllocatedBytesForCurrentThread();
            run.Trainer.TrainOn(batch);
            latest = GC.GetAllocatedBytesForCurrentThread() - before;
            held = step == 9 ? run.Device.HeldBytes : held;
            most = step < 100 ? 0 : Math.Max(most, latest);
        }

        TestContext.Out.WriteLine($"{held} bytes on the device, {latest} managed bytes a replayed step, {driver.Recordings} recordings");
        Assert.That(run.Device.HeldBytes, Is.EqualTo(held));
        Assert.That(most, Is.LessThanOrEqualTo(64 << 10), "managed bytes of a step");
        run.Dispose();
        Assert.That(driver.Recordings, Is.Zero, "recordings that were not ended");
    }

    private RecordingDriver Driver()
    {
        GpuDriver inner = new InterpretedDriver();
        if (kind == KernelDevice.OpenCl)
        {
            TestDevices.RequireOpenCl();
            inner = OpenClDriver.Open(null);
        }

        return new RecordingDriver(inner);
    }
}
