using LargeRec.Engine.Randomness;
using LargeRec.Retrieval.Metrics;

namespace LargeRec.Retrieval.Tests.Metrics;

/// <summary>Metrics by hand, and intervals that hold what they promise.</summary>
public sealed class RankingMetricsTests
{
    private static readonly MetricCutoffs Cutoffs = new([1, 10], [2, 10]);

    [Test]
    public void Values_are_those_computed_by_hand()
    {
        // Ranks 1, 3, a miss, 11.
        var metrics = new RankingMetrics([1, 3, 0, 11], Cutoffs);
        Assert.That(metrics.Names, Is.EqualTo(new[] { "hr@1", "hr@10", "ndcg@2", "ndcg@10", "mrr" }));
        Assert.That(metrics.Values["hr@1"], Is.EqualTo(1 / 4.0));
        Assert.That(metrics.Values["hr@10"], Is.EqualTo(2 / 4.0));
        Assert.That(metrics.Values["ndcg@2"], Is.EqualTo(1 / 4.0));
        Assert.That(metrics.Values["ndcg@10"], Is.EqualTo((1 + 0.5) / 4), "1/log2(2) and 1/log2(4)");
        Assert.That(metrics.Values["mrr"], Is.EqualTo((1 + (1 / 3.0) + (1 / 11.0)) / 4).Within(1e-15));
        Assert.That(metrics.Count, Is.EqualTo(4));
    }

    [Test]
    public void A_rank_at_the_cutoff_counts_and_one_behind_it_does_not()
    {
        Assert.That(new RankingMetrics([10], Cutoffs).Values["hr@10"], Is.EqualTo(1));
        Assert.That(new RankingMetrics([10], Cutoffs).Values["ndcg@10"], Is.EqualTo(1 / Math.Log2(11)));
        Assert.That(new RankingMetrics([11], Cutoffs).Values["hr@10"], Is.Zero);
        Assert.That(new RankingMetrics([11], Cutoffs).Values["ndcg@10"], Is.Zero);
    }

    [Test]
    public void No_example_gives_zeros()
    {
        var metrics = new RankingMetrics([], Cutoffs);
        Assert.That(metrics.Values.Values, Is.All.Zero);
        Assert.That(metrics.Intervals(10, seed: 1).Values, Is.All.EqualTo((0.0, 0.0)));
    }

    [Test]
    public void Intervals_depend_on_the_seed_alone()
    {
        var metrics = new RankingMetrics([.. Enumerable.Range(1, 40)], Cutoffs);
        var first = metrics.Intervals(500, seed: 3);
        Assert.That(new RankingMetrics([.. Enumerable.Range(1, 40)], Cutoffs).Intervals(500, seed: 3), Is.EqualTo(first));
        Assert.That(metrics.Intervals(500, seed: 4)["mrr"], Is.Not.EqualTo(first["mrr"]));
    }

    [Test]
    public void Equal_ranks_have_an_interval_without_width()
    {
        var (low, high) = new RankingMetrics([2, 2, 2], Cutoffs).Intervals(100, seed: 1)["mrr"];
        Assert.That((low, high), Is.EqualTo((0.5, 0.5)));
    }

    [Test]
    public void Intervals_cover_the_truth_about_19_times_of_20()
    {
        const int Worlds = 400;
        const int Examples = 150;
        const double Probability = 0.3;
        var stream = new PhiloxStream(9, "coverage");
        var covered = 0;
        for (var world = 0; world < Worlds; world++)
        {
            var ranks = new int[Examples];
            foreach (ref var rank in ranks.AsSpan())
            {
                rank = stream.NextUInt32() < Probability * uint.MaxValue ? 1 : 0;
            }

            var (low, high) = new RankingMetrics(ranks, new MetricCutoffs([1], [])).Intervals(300, (ulong)world)["hr@1"];
            covered += low <= Probability && Probability <= high ? 1 : 0;
        }

        // The percentile bootstrap is a little too narrow for so few examples; 400 worlds add a standard error of 1.1%.
        Assert.That(covered / (double)Worlds, Is.InRange(0.90, 0.98));
    }

    [Test]
    public void Examples_of_one_user_are_drawn_together()
    {
        // Every user's ten examples have one rank: ten times as many examples say no more than one a user does.
        int[] ranks = [.. Enumerable.Range(0, 40).Select(user => user % 3 == 0 ? 1 : 50)];
        int[] repeated = [.. ranks.SelectMany(rank => Enumerable.Repeat(rank, 10))];
        var one = new RankingMetrics(ranks, Cutoffs);
        var ten = new RankingMetrics(repeated, Cutoffs, [.. Enumerable.Range(0, 400).Select(i => i / 10)]);
        Assert.That((ten.Count, ten.UserCount, one.UserCount), Is.EqualTo((400, 40, 40)));
        var (expected, actual) = (one.Intervals(500, seed: 2)["hr@10"], ten.Intervals(500, seed: 2)["hr@10"]);
        Assert.That((actual.Low, actual.High), Is.EqualTo((expected.Low, expected.High)));
        var (low, high) = new RankingMetrics(repeated, Cutoffs).Intervals(500, seed: 2)["hr@10"];
        Assert.That(high - low, Is.LessThan(0.5 * (actual.High - actual.Low)), "as if all were independent");
    }

    [Test]
    public void Intervals_over_users_with_different_numbers_of_examples_cover_the_truth_about_19_times_of_20()
    {
        const int Worlds = 300;
        var stream = new PhiloxStream(10, "coverage");
        var covered = 0;
        for (var world = 0; world < Worlds; world++)
        {
            var (ranks, users) = (new List<int>(), new List<int>());
            for (var user = 0; user < 100; user++)
            {
                // A user is hit in all of one to four examples, or in none of them.
                var rank = stream.NextUInt32() < 0.4 * uint.MaxValue ? 1 : 0;
                for (var i = 0; i <= stream.NextBelow(4); i++)
                {
                    ranks.Add(rank);
                    users.Add(user);
                }
            }

            var (low, high) = new RankingMetrics(ranks, new MetricCutoffs([1], []), users).Intervals(300, (ulong)world)["hr@1"];
            covered += low <= 0.4 && 0.4 <= high ? 1 : 0;
        }

        Assert.That(covered / (double)Worlds, Is.InRange(0.90, 0.98));
    }

    [Test]
    public void A_user_a_rank_or_none() =>
        Assert.That(() => new RankingMetrics([1, 2], Cutoffs, [1]), Throws.ArgumentException.With.Message.StartsWith("2 ranks and 1 users"));
}
