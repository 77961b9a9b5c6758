using LargeRec.Data.Preparation;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Metrics;

namespace LargeRec.Retrieval.Baselines;

/// <summary>
/// What a model must beat, ranked by the very protocol that it is: all candidates, its window filtered, ties by a fixed order. Popularity counts training
/// events; first-order Markov ranks what followed the last item in training by how often it did, then everything else by popularity.
/// </summary>
public static class BaselineFloors
{
    public const string Popularity = "popularity";

    public const string Markov = "markov";

    /// <summary>The metrics of both floors on some examples.</summary>
    public static IReadOnlyDictionary<string, RankingMetrics> Of(ExperimentData data, ReadOnlyMemory<Example> examples, bool filterHistory,
        MetricCutoffs cutoffs)
    {
        var training = new TrainingEvents(data.Sequences, data.Split);
        var popularity = new PopularityOrder(data.Sequences, training);
        var followers = new FollowerCounts(data.Sequences, training);
        var (popularityRanks, markovRanks) = (new int[examples.Length], new int[examples.Length]);
        var seen = new HashSet<int>();
        for (var i = 0; i < examples.Length; i++)
        {
            var example = examples.Span[i];
            var window = data.Sequences.Items.Slice(example.Start, example.Length);
            var target = data.Sequences.Items[example.Target];
            seen.Clear();
            if (filterHistory)
            {
                foreach (var item in window)
                {
                    seen.Add(item);
                }
            }

            popularityRanks[i] = popularity.RankOf(target, seen);
            markovRanks[i] = followers.RankOf(window[^1], target, seen, popularity);
        }

        return new Dictionary<string, RankingMetrics>
        {
            [Popularity] = new(popularityRanks, cutoffs),
            [Markov] = new(markovRanks, cutoffs),
        };
    }
}
