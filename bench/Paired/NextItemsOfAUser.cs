using LargeRec.Bench.Step;
using LargeRec.Data.Batching;
using LargeRec.Engine.Cpu;
using LargeRec.Models.Backbones;
using LargeRec.Retrieval.Ranking;

namespace LargeRec.Bench.Paired;

/// <summary>One user's ten next items: the history encoded, all items scored.</summary>
internal sealed class NextItemsOfAUser : IPairedJob
{
    private const int Count = 10;

    private readonly CpuDevice _device;
    private readonly RankingPass _pass;
    private readonly JaggedBatch _batch;
    private readonly HistoryFilter _filter = new();
    private readonly int[] _items = new int[Count];
    private readonly float[] _scores = new float[Count];

    public NextItemsOfAUser(JobSetting setting, int threads)
    {
        Floor = StepFloor.OfRanking(setting.Options, users: 1, batchSize: 1);
        _device = new CpuDevice(threads);
        var model = new Hstu(_device, setting.Options, seed: 1);
        _pass = new RankingPass(model, _device, [.. Enumerable.Range(1, setting.Options.ItemRows - 1)]);
        _batch = PublishedStep.Batch([setting.Options.MaxLength], seed: 7, setting.Options.ItemRows - 1);
        _filter.FillFromWindows(_batch);
    }

    public StepFloor Floor { get; }

    public void Run() => _pass.TopK(_batch, _filter.Filter, Count, _items, _scores);

    public string? Remark() => null;

    public void Dispose()
    {
        _pass.Dispose();
        _device.Dispose();
    }
}
