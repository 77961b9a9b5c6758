using System.Diagnostics;
using LargeRec.Engine.Cpu;
using LargeRec.Models;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Training;

/// <summary>
/// What a run took: from the model's formulas, the lengths of its sequences and timing.jsonl, so that a run that was resumed counts as one that never stopped.
/// </summary>
internal static class CostMeter
{
    /// <summary>A backward pass takes twice its forward pass: each product has a gradient for both of its sides.</summary>
    private const double ForwardAndBackward = 3;

    /// <summary>Floating-point operations of training on so many tokens and pairs, the loss included.</summary>
    public static double TrainingFlops(TrainingSession session, TokenCounts counts) =>
        ForwardAndBackward * (session.Model.ForwardFlops(counts) + session.Loss.ForwardFlops(counts.Tokens, session.Model.Width));

    /// <param name="epochs">Epochs trained.</param>
    /// <param name="peak">The device's peak as it was given; null to measure it where that can be.</param>
    public static RunCost Of(TrainingSession session, RunFolder folder, long epochs, double? peak)
    {
        var counts = session.CountsOf(epochs);
        var flops = TrainingFlops(session, counts);
        var seconds = File.Exists(folder.TimingPath) ? MetricsLog.Read(folder.TimingPath).Sum(record => record.Find("seconds") ?? 0) : 0;
        var cpu = session.Device as CpuDevice;
        using var process = Process.GetCurrentProcess();
        return new RunCost
        {
            Parameters = session.Model.ParameterCount,
            EmbeddingParameters = session.Model.EmbeddingParameterCount,
            EpochTokens = session.CountsOf(1).Tokens,
            Tokens = counts.Tokens,
            TrainingFlops = flops,
            FlopsPerStep = flops / Math.Max(1, epochs * session.StepsPerEpoch),
            TrainingSeconds = seconds,
            PeakFlopsPerSecond = peak ?? cpu?.MeasurePeakFlops(),
            PeakSource = peak is not null ? "given" : cpu is null ? null : $"multiply-adds in registers on {cpu.Name}, measured at the end",
            DeviceBytes = session.Device.HeldBytes,
            ProcessBytes = process.PeakWorkingSet64,
        };
    }
}
