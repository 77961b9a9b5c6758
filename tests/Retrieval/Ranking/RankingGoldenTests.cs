using LargeRec.Cases;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;
using LargeRec.Retrieval.Metrics;

namespace LargeRec.Retrieval.Tests.Ranking;

/// <summary>Ranks and metrics against an independent script: once with many exact ties, once without near ones.</summary>
public sealed class RankingGoldenTests
{
    public static IEnumerable<SimdWidth> Widths => Enum.GetValues<SimdWidth>().Where(SimdWidths.Supports);

    [Test]
    public void Ranks_and_metrics_are_the_golden_ones([Values("tied", "continuous")] string kind, [ValueSource(nameof(Widths))] SimdWidth width)
    {
        using var golden = GoldenFile.Open("eval");
        using var device = new CpuDevice(2, width);
        var queries = golden.UploadPersistent(device, $"{kind}.queries");
        var items = golden.UploadPersistent(device, $"{kind}.table");
        using var step = device.BeginStep();
        var (unitQueries, unitItems) = (device.Allocate(queries.Shape), device.Allocate(items.Shape));
        device.Normalization.L2Normalize(queries, 1e-6f, unitQueries);
        device.Normalization.L2Normalize(items, 1e-6f, unitItems);
        var targets = golden.Integers($"{kind}.targets");
        var ranks = new int[targets.Length];
        var filter = new ItemFilter(golden.Integers($"{kind}.window_offsets"), golden.Integers($"{kind}.window_ids"));
        device.Ranking.Ranks(unitQueries, unitItems, device.Upload(golden.Integers($"{kind}.candidates")), targets, filter, ranks);
        Assert.That(ranks, Is.EqualTo(golden.Integers($"{kind}.ranks")));
        Assert.That(ranks, Has.Some.Zero, "a target that is in the window is a miss");

        var metrics = new RankingMetrics(ranks, new MetricCutoffs([1, 10, 50], [1, 10, 50]));
        foreach (var name in metrics.Names)
        {
            Assert.That(metrics.Values[name], Is.EqualTo(golden.Doubles($"{kind}.{name}")[0]).Within(1e-12), name);
        }
    }
}
