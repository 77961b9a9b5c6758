using LargeRec.Data.Batching;
using LargeRec.Engine.Gpu;
using LargeRec.Kernels.Tests.Devices;
using LargeRec.Training;
using LargeRec.Training.Tests;

namespace LargeRec.Kernels.Tests.Steps;

/// <summary>Whole runs with recorded steps, on OpenCL: what takes the interpreter of PTX too long.</summary>
public sealed class RecordedRunTests
{
    private readonly IlgpuKernelSource _source = new();

    /// <summary>Everything that differs from step to step: dropout, draws, a second forward that adds, clipping.</summary>
    internal static readonly string[] Everything = ["training.batch_size=8", "training.accumulation=2", "optimizer.clip_norm=0.5"];

    [Test]
    public void A_whole_run_and_one_that_was_stopped_have_the_same_bits()
    {
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
        using (var device = new GpuDevice(RecordingDriver.Open(KernelDevice.OpenCl), _source))
        {
            TrainingRun.Resume(folder["stopped"], device);
        }

        EqualRuns.AssertEqual(folder["stopped"], folder["recorded"], "stopped and resumed");

        long Execute(string name, int mostRecordings, CancellationToken cancellation, ITrainingObserver? watching = null)
        {
            var driver = RecordingDriver.Open(KernelDevice.OpenCl);
            using var device = new GpuDevice(driver, _source, mostRecordings);
            TrainingRun.Execute(TinyRun.Configuration(overrides), device, new TrainingRunOptions { RunDirectory = folder[name] }, watching, cancellation);
            TestContext.Out.WriteLine($"{name}: {driver.Recorded} recordings made, {driver.Recordings} kept, {device.Recordings.Replays} replays");

            // Evaluation between the epochs takes more memory than a step, once.
            Assert.That(driver.Recorded, Is.LessThanOrEqualTo(2 * driver.Recordings), "recordings that were made again");
            return device.Recordings.Replays;
        }
    }

    /// <summary>Rows of no sequence bring nothing: a padded, replayed training beside the CPU's, which has none.</summary>
    [Test]
    public void Losses_are_those_of_the_CPU_over_the_first_100_steps()
    {
        using var gpu = new TinyRun(new GpuDevice(RecordingDriver.Open(KernelDevice.OpenCl), _source));
        using var cpu = new TinyRun();
        var (worst, padded) = (0.0, 0);
        for (var step = 0; step < 100; step++)
        {
            var batch = gpu.Batch(step);
            padded += gpu.Device.PaddedRows(batch.TokenCount) > batch.TokenCount ? 1 : 0;
            var (actual, expected) = (gpu.Trainer.TrainOn(batch), cpu.Trainer.TrainOn(cpu.Batch(step)));
            worst = Math.Max(worst, Math.Abs(actual - expected));
            Assert.That(actual, Is.EqualTo(expected).Within(1e-3), $"step {step + 1}");
        }

        TestContext.Out.WriteLine($"losses differ by {worst:G3} at most; {padded} of 100 steps were padded");
        Assert.That(padded, Is.GreaterThan(50));
        Assert.That(((GpuDevice)gpu.Device).Recordings.Replays, Is.GreaterThan(150));
    }

    [Test]
    public void A_thousand_steps_take_no_more_memory_than_ten()
    {
        var driver = RecordingDriver.Open(KernelDevice.OpenCl);
        using var run = new TinyRun(new GpuDevice(driver, _source), false, "optimizer.clip_norm=0.5");
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
}
