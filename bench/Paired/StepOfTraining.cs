using System.Diagnostics;
using System.Globalization;
using LargeRec.Bench.Step;
using LargeRec.Data.Batching;
using LargeRec.Engine.Cpu;
using LargeRec.Training;

namespace LargeRec.Bench.Paired;

/// <summary>A training step: forward, loss, backward, AdamW.</summary>
internal sealed class StepOfTraining : IPairedJob
{
    private readonly CpuDevice _device;
    private readonly Trainer _trainer;
    private readonly JaggedBatch _batch;

    public StepOfTraining(JobSetting setting, int threads)
    {
        Floor = StepFloor.Of(setting.Options, setting.Lengths, setting.Negatives).WithDenseTable(setting.Options);
        _device = new CpuDevice(threads);
        _trainer = PublishedStep.NewTrainer(_device, setting.Options, setting.Negatives);
        _batch = PublishedStep.Batch(setting.Lengths, seed: 7, setting.Options.ItemRows - 1);
    }

    public StepFloor Floor { get; }

    public void Run() => _trainer.TrainOn(_batch);

    public string Remark()
    {
        var held = _device.HeldBytes;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Run();
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        using var process = Process.GetCurrentProcess();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"memory: device {held / 1e6:F0} MB ({(_device.HeldBytes == held ? "constant" : "changed")}), process peak {process.PeakWorkingSet64 / 1e6:F0} "
            + $"MB, managed allocation a step {allocated / 1024.0:F1} KiB");
    }

    public void Dispose() => _device.Dispose();
}
