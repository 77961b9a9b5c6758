using LargeRec.Bench.Step;
using LargeRec.Data.Preparation;
using LargeRec.Data.Synthetic;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Randomness;
using LargeRec.Models.Backbones;
using LargeRec.Retrieval.Ranking;

namespace LargeRec.Bench.Paired;

/// <summary>The rank of every user's next item among all items, histories filtered.</summary>
internal sealed class EvaluationOfUsers : IPairedJob
{
    private readonly CpuDevice _device;
    private readonly Hstu _model;
    private readonly InteractionSequences _sequences;
    private readonly Example[] _examples;
    private readonly int _batchSize;

    public EvaluationOfUsers(JobSetting setting, int threads, int users)
    {
        var (options, length) = (setting.Options, setting.Options.MaxLength);
        Floor = StepFloor.OfRanking(options, users, Math.Min(users, setting.Sequences));
        _batchSize = setting.Sequences;
        _device = new CpuDevice(threads);
        _model = new Hstu(_device, options, seed: 1);

        // As many events for each as a history and its target are.
        var log = InteractionGenerator.Generate(
            new GeneratorOptions { Users = users, Items = options.ItemRows - 1, MinEvents = length + 1, MaxEvents = length + 1, MedianEvents = length + 1 },
            seed => new Stream(seed));
        _sequences = InteractionSequences.From(log);
        _examples = [.. Enumerable.Range(0, users).Select(user => new Example(user, _sequences.Offsets[user], length))];
    }

    public StepFloor Floor { get; }

    public void Run()
    {
        using var pass = new RankingPass(_model, _device, _sequences.Catalogue.Candidates);
        pass.Ranks(_sequences, _examples, _batchSize, filterHistory: true);
    }

    public string? Remark() => null;

    public void Dispose() => _device.Dispose();

    private sealed class Stream(ulong seed) : IRandomStream
    {
        private readonly PhiloxStream _stream = new(seed, "bench.evaluation");

        public uint NextUInt32() => _stream.NextUInt32();
    }
}
