using LargeRec.Engine.Gpu;
using LargeRec.Kernels.Tests.Devices;
using LargeRec.Training.Tests;

namespace LargeRec.Kernels.Tests.Steps;

/// <summary>
/// A training whose steps are recorded and replayed, each batch copied while the step before computes, beside the same one launched kernel by kernel, each
/// copied when its step begins: every bit is the same.
/// </summary>
[TestFixture(KernelDevice.OpenCl)]
[TestFixture(KernelDevice.InterpretedPtx)]
public sealed class RecordedTrainingTests(KernelDevice kind)
{
    private readonly IlgpuKernelSource _source = new();

    /// <summary>The interpreter takes a second for a step.</summary>
    private int Steps => kind == KernelDevice.OpenCl ? 60 : 5;

    [Test]
    public void Has_the_same_bits()
    {
        var driver = RecordingDriver.Open(kind);
        using var recorded = new TinyRun(new GpuDevice(driver, _source), false, RecordedRunTests.Everything);
        using var plain = new TinyRun(new GpuDevice(RecordingDriver.Open(kind), _source, mostRecordings: 0), false, RecordedRunTests.Everything);
        var device = (GpuDevice)recorded.Device;
        var replayedAlone = 0;
        var next = recorded.Batch(0);
        for (var step = 0; step < Steps; step++)
        {
            var launches = driver.Launches;
            var batch = next;
            next = recorded.Batch(step + 1);
            Assert.That(recorded.Trainer.TrainOn(batch, () => next), Is.EqualTo(plain.Trainer.TrainOn(plain.Batch(step))), $"loss of step {step + 1}");
            Assert.That(recorded.Trainer.GradientNorm, Is.EqualTo(plain.Trainer.GradientNorm), $"norm of step {step + 1}");

            replayedAlone += driver.Launches == launches ? 1 : 0;
        }

        TestContext.Out.WriteLine($"{device.Recordings.Count} recordings, {device.Recordings.Replays} replays, {replayedAlone} of {Steps} steps "
            + $"replayed alone");
        Assert.That(recorded.Weights(), Is.EqualTo(plain.Weights()));
        Assert.That(device.Recordings.Count, Is.GreaterThanOrEqualTo(4), "a forward that writes, one that adds, the norm, the update");
        Assert.That(driver.WritesAhead, Is.EqualTo((2 * Steps) + 1), "two forwards a step, and the one that never came");
        Assert.That(replayedAlone, Is.GreaterThan(kind == KernelDevice.OpenCl ? Steps / 2 : 0));
        Assert.That(((GpuDevice)plain.Device).Recordings.Replays, Is.Zero);
    }

    [Test]
    public void Tracing_changes_no_bit_and_names_the_operation()
    {
        using var recorded = new TinyRun(new GpuDevice(RecordingDriver.Open(kind), _source));
        using var traced = new TinyRun(new GpuDevice(RecordingDriver.Open(kind), _source), traceNonFinite: true);
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
        Assert.That(() => traced.Trainer.TrainOn(traced.Batch(0)), Throws.InstanceOf<Autograd.NonFiniteException>()
            .With.Message.StartsWith("step 4: projection: "));
    }
}
