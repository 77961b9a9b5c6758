using System.Diagnostics;
using LargeRec.Bench.Step;
using LargeRec.Engine.Cpu;
using LargeRec.Models.Backbones;
using LargeRec.Models.Losses;
using LargeRec.Training;
using LargeRec.Training.Optimizers;

namespace LargeRec.Bench.Growth;

/// <summary>What a point of a curve took.</summary>
/// <param name="Size">The size that grows.</param>
/// <param name="Setting">The rest.</param>
/// <param name="Seconds">The median step.</param>
/// <param name="ProcessorSeconds">Of all threads, a step: what other programs on the machine disturb least.</param>
/// <param name="DeviceBytes">Held by the device: parameters, moments, steps, scratch.</param>
/// <param name="PeakBytes">The process's peak so far.</param>
internal sealed record GrowthPoint(double Size, GrowthSetting Setting, double Seconds, double ProcessorSeconds, long DeviceBytes, long PeakBytes)
{
    private const int WarmUp = 2;

    public static GrowthPoint Measure(double size, GrowthSetting setting, int steps)
    {
        using var device = new CpuDevice(setting.Threads);
        var model = new Hstu(device, setting.Model, seed: 1);
        var candidates = device.UploadPersistent(Enumerable.Range(1, setting.Model.ItemRows - 1).ToArray());
        var trainer = new Trainer(
            device,
            model,
            new SampledSoftmaxLoss(candidates, GrowthSetting.Negatives, 0.05f),
            new AdamW(model.Parameters, new AdamWOptions { Table = setting.Table }),
            new TrainerOptions { Seed = 1, RowGradients = setting.HasRowGradients });
        var batch = PublishedStep.Batch(setting.Lengths, seed: 7, setting.Model.ItemRows - 1);
        for (var i = 0; i < WarmUp; i++)
        {
            trainer.TrainOn(batch);
        }

        var seconds = new List<double>();
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        for (var i = 0; i < steps; i++)
        {
            var start = Stopwatch.GetTimestamp();
            trainer.TrainOn(batch);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        process.Refresh();
        return new GrowthPoint(
            size, setting, Statistics.Median(seconds), (process.TotalProcessorTime - processor).TotalSeconds / steps, device.HeldBytes,
            process.PeakWorkingSet64);
    }
}
