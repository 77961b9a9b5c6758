using LargeRec.Engine.Randomness;

namespace LargeRec.Retrieval.Metrics;

/// <summary>
/// Metrics of ranks with one relevant item each (rank 1 is best, 0 a miss): HR@K = [rank ≤ K], NDCG@K = [rank ≤ K]/log2(rank + 1), MRR = 1/rank, each averaged
/// over all examples; a miss counts 0. Ranks are exact, over the full catalogue: nothing is sampled.
/// </summary>
public sealed class RankingMetrics
{
    private readonly IReadOnlyList<int> _ranks;
    private readonly MetricCutoffs _cutoffs;

    public RankingMetrics(IReadOnlyList<int> ranks, MetricCutoffs cutoffs)
    {
        (_ranks, _cutoffs) = (ranks, cutoffs);
        Names = [.. cutoffs.HitRate.Select(k => $"hr@{k}"), .. cutoffs.Ndcg.Select(k => $"ndcg@{k}"), "mrr"];
        var sums = new double[Names.Count];
        foreach (var rank in ranks)
        {
            Add(rank, sums);
        }

        Values = ToNamed(sums);
    }

    /// <summary>hr@K, ndcg@K and mrr, in this order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The means, by name.</summary>
    public IReadOnlyDictionary<string, double> Values { get; }

    /// <summary>The rank of each example's target, as given.</summary>
    public IReadOnlyList<int> Ranks => _ranks;

    /// <summary>Examples that the means are over.</summary>
    public int Count => _ranks.Count;

    /// <summary>
    /// 95% intervals by the percentile bootstrap over examples (Efron 1979): the 2.5% and 97.5% quantiles of the means of resamples drawn with replacement.
    /// </summary>
    /// <param name="resamples">How many; 1,000 are usual.</param>
    /// <param name="seed">The same seed gives the same intervals.</param>
    public IReadOnlyDictionary<string, (double Low, double High)> Intervals(int resamples, ulong seed)
    {
        var means = Names.Select(_ => new double[resamples]).ToArray();
        var stream = new PhiloxStream(seed, "metrics.bootstrap");
        var contributions = Contributions();
        var width = Names.Count;
        var sums = new double[width];
        for (var resample = 0; resample < resamples && _ranks.Count > 0; resample++)
        {
            Array.Clear(sums);
            for (var i = 0; i < _ranks.Count; i++)
            {
                var drawn = contributions.AsSpan(stream.NextBelow(_ranks.Count) * width, width);
                for (var m = 0; m < sums.Length; m++)
                {
                    sums[m] += drawn[m];
                }
            }

            for (var m = 0; m < width; m++)
            {
                means[m][resample] = sums[m] / _ranks.Count;
            }
        }

        var intervals = new Dictionary<string, (double Low, double High)>();
        for (var m = 0; m < width; m++)
        {
            Array.Sort(means[m]);
            intervals[Names[m]] = resamples == 0 ? (double.NaN, double.NaN) : Middle(means[m]);
        }

        return intervals;
    }

    /// <summary>What is left of the sorted means without 2.5% of them at either end.</summary>
    private static (double Low, double High) Middle(double[] sorted)
    {
        var cut = sorted.Length / 40;
        return (sorted[cut], sorted[^(cut + 1)]);
    }

    private double[] Contributions()
    {
        var all = new double[(long)_ranks.Count * Names.Count];
        for (var i = 0; i < _ranks.Count; i++)
        {
            Add(_ranks[i], all.AsSpan(i * Names.Count, Names.Count));
        }

        return all;
    }

    private void Add(int rank, Span<double> sums)
    {
        if (rank == 0)
        {
            return;
        }

        var m = 0;
        foreach (var k in _cutoffs.HitRate)
        {
            sums[m++] += rank <= k ? 1 : 0;
        }

        var gain = 1 / Math.Log2(rank + 1.0);
        foreach (var k in _cutoffs.Ndcg)
        {
            sums[m++] += rank <= k ? gain : 0;
        }

        sums[m] += 1.0 / rank;
    }

    private Dictionary<string, double> ToNamed(double[] sums)
    {
        var named = new Dictionary<string, double>();
        for (var m = 0; m < sums.Length; m++)
        {
            named[Names[m]] = _ranks.Count == 0 ? 0 : sums[m] / _ranks.Count;
        }

        return named;
    }
}
