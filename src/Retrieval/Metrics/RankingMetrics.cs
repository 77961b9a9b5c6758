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

    /// <summary>The user of each example, numbered from 0 in the order of their first examples.</summary>
    private readonly int[] _clusters;

    /// <param name="ranks">The rank of each example's target.</param>
    /// <param name="cutoffs">At which ranks to cut off.</param>
    /// <param name="users">The user of each example, whose examples are not independent of each other; null where each is of another user.</param>
    public RankingMetrics(IReadOnlyList<int> ranks, MetricCutoffs cutoffs, IReadOnlyList<int>? users = null)
    {
        if (users is not null && users.Count != ranks.Count)
        {
            throw new ArgumentException($"{ranks.Count} ranks and {users.Count} users; give the user of each rank", nameof(users));
        }

        (_ranks, _cutoffs) = (ranks, cutoffs);
        _clusters = ClustersOf(ranks.Count, users, out var clusters);
        UserCount = clusters;
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

    /// <summary>Users that the examples are of.</summary>
    public int UserCount { get; }

    /// <summary>
    /// 95% intervals by the percentile bootstrap (Efron 1979) over users: the 2.5% and 97.5% quantiles of the means of resamples, each as many users, drawn
    /// with replacement, as there are, with all their examples. What one user's examples have in common so widens the interval (cluster bootstrap: Davison and
    /// Hinkley 1997, 3.8); with one example a user it is the bootstrap over examples.
    /// </summary>
    /// <param name="resamples">How many; 1,000 are usual.</param>
    /// <param name="seed">The same seed gives the same intervals.</param>
    public IReadOnlyDictionary<string, (double Low, double High)> Intervals(int resamples, ulong seed)
    {
        var means = Names.Select(_ => new double[resamples]).ToArray();
        var stream = new PhiloxStream(seed, "metrics.bootstrap");
        var (contributions, counts) = Contributions();
        var width = Names.Count;
        var sums = new double[width];
        for (var resample = 0; resample < resamples && UserCount > 0; resample++)
        {
            Array.Clear(sums);
            long examples = 0;
            for (var i = 0; i < UserCount; i++)
            {
                var user = stream.NextBelow(UserCount);
                examples += counts[user];
                var drawn = contributions.AsSpan(user * width, width);
                for (var m = 0; m < sums.Length; m++)
                {
                    sums[m] += drawn[m];
                }
            }

            for (var m = 0; m < width; m++)
            {
                means[m][resample] = sums[m] / examples;
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

    private static int[] ClustersOf(int count, IReadOnlyList<int>? users, out int clusters)
    {
        var numbers = new Dictionary<int, int>();
        var of = new int[count];
        for (var i = 0; i < count; i++)
        {
            var user = users is null ? i : users[i];
            if (!numbers.TryGetValue(user, out of[i]))
            {
                numbers[user] = of[i] = numbers.Count;
            }
        }

        clusters = numbers.Count;
        return of;
    }

    /// <summary>Each user's sums of the metrics, a row a user, and number of examples.</summary>
    private (double[] Sums, int[] Examples) Contributions()
    {
        var all = new double[(long)UserCount * Names.Count];
        var counts = new int[UserCount];
        for (var i = 0; i < _ranks.Count; i++)
        {
            counts[_clusters[i]]++;
            Add(_ranks[i], all.AsSpan(_clusters[i] * Names.Count, Names.Count));
        }

        return (all, counts);
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
