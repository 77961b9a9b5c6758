using LargeRec.Data.Preparation;
using LargeRec.Engine;
using LargeRec.Models.Backbones;
using LargeRec.Retrieval.Baselines;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Metrics;
using LargeRec.Retrieval.Ranking;

namespace LargeRec.Retrieval.Evaluation;

/// <summary>Judges a model, and the floors beside it, by the one protocol of a configuration.</summary>
public sealed class Evaluator
{
    private readonly EvaluationConfiguration _configuration;
    private readonly ExperimentData _data;
    private readonly MetricCutoffs _cutoffs;

    public Evaluator(EvaluationConfiguration configuration, ExperimentData data)
    {
        (_configuration, _data) = (configuration, data);
        // Beyond the last rank HR@K is 1, or counts misses; NDCG@K is that of the whole ranking, and stays.
        _cutoffs = new MetricCutoffs([.. configuration.Hr.Where(k => k <= data.Sequences.Catalogue.Candidates.Length)], configuration.Ndcg);
        Protocol = Describe();
    }

    /// <summary>The protocol in words, to be printed beside every number.</summary>
    public string Protocol { get; }

    /// <summary>Ranks the targets of a part of the split. HR@K is left out where there are fewer than K candidates.</summary>
    /// <param name="progress">Told how many examples are done.</param>
    public RankingMetrics Evaluate(SequenceModel model, Device device, ReadOnlyMemory<Example> examples, Action<int>? progress = null,
        CancellationToken cancellation = default)
    {
        using var pass = new RankingPass(model, device, _data.Sequences.Catalogue.Candidates);
        var ranks = pass.Ranks(_data.Sequences, examples, _configuration.BatchSize, _configuration.FilterHistory, progress, cancellation);
        return new RankingMetrics(ranks, _cutoffs, Array.ConvertAll(examples.ToArray(), example => example.User));
    }

    /// <summary>The metrics of popularity and first-order Markov on the same examples.</summary>
    public IReadOnlyDictionary<string, RankingMetrics> Floors(ReadOnlyMemory<Example> examples) =>
        BaselineFloors.Of(_data, examples, _configuration.FilterHistory, _cutoffs);

    /// <summary>The 95% intervals, by a bootstrap over users, as a summary holds them: [low, high] by name; none where no resamples are asked for.</summary>
    public IReadOnlyDictionary<string, double[]> Intervals(RankingMetrics metrics, ulong seed) => _configuration.Bootstrap == 0
        ? new Dictionary<string, double[]>()
        : metrics.Intervals(_configuration.Bootstrap, seed).ToDictionary(i => i.Key, i => new[] { i.Value.Low, i.Value.High });

    private string Describe()
    {
        var split = _data.Split.Kind switch
        {
            SplitKind.Published => "leave-one-out, last event = test, no validation (published)",
            SplitKind.Validated => "leave-one-out, last event = test, second-last = validation",
            SplitKind.Temporal => "temporal, a user's first event after one moment for all = test",
            SplitKind.Ratio => "ratio, each event of a user's last part = test, history before the part",
            _ => "basket, each item of a user's last basket = test, history before the basket",
        };
        var filter = _configuration.FilterHistory ? $"items of the latest {_data.Split.MaxLength} events filtered" : "no item filtered";
        var miss = _configuration.FilterHistory ? "; a filtered target is a miss" : "";
        return $"{split}; full ranking of {_data.Sequences.Catalogue.Candidates.Length} candidates, {filter}; ties by item index{miss}";
    }
}
