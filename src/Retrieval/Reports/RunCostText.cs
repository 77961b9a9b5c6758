using System.Globalization;
using LargeRec.Data.Download;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Reports;

/// <summary>What a run took, in words.</summary>
public static class RunCostText
{
    private static readonly string[] Prefixes = ["", "k", "M", "G", "T", "P", "E"];

    /// <summary>A name and a text each.</summary>
    public static IReadOnlyList<(string Name, string Text)> Rows(RunCost cost) =>
    [
        ("parameters", Invariant($"{cost.Parameters:N0}: {cost.EmbeddingParameters:N0} of embeddings, {cost.OtherParameters:N0} others")),
        ("learned from", Invariant($"{cost.Tokens:N0} events, {cost.EpochTokens:N0} an epoch")),
        ("arithmetic", $"{Flops(cost.FlopsPerToken)} a token, {Flops(cost.FlopsPerStep)} a step, {Flops(cost.TrainingFlops)} in all"),
        ("speed", Invariant($"{cost.TokensPerSecond:N0} events/s, {Flops(cost.FlopsPerSecond)}/s{Utilization(cost)}")),
        ("memory", $"{ByteSize.Text(cost.DeviceBytes)} on the device, {ByteSize.Text(cost.ProcessBytes)} of the process at most"),
    ];

    /// <summary>Floating-point operations with three digits: 12.3 GFLOP.</summary>
    public static string Flops(double flops)
    {
        var power = flops < 1000 ? 0 : Math.Min(Prefixes.Length - 1, (int)(Math.Log10(flops) / 3));
        var scaled = flops / Math.Pow(1000, power);
        return Invariant($"{scaled.ToString(scaled < 9.995 ? "F2" : scaled < 99.95 ? "F1" : "F0", CultureInfo.InvariantCulture)} {Prefixes[power]}FLOP");
    }

    private static string Utilization(RunCost cost) => cost is { Utilization: { } share, PeakFlopsPerSecond: { } peak }
        ? Invariant($": {100 * share:F1}% of {Flops(peak)}/s ({cost.PeakSource})")
        : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
