using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu.Ranking;

public sealed class RankingTests
{
    private static IEnumerable<SimdWidth> Widths => Enum.GetValues<SimdWidth>().Where(SimdWidths.Supports);

    private static IEnumerable<RankingCase> Cases =>
    [
        new(1, 1, 1, 1, 0, 5, 1),
        new(3, 2, 40, 40, 5, 3, 2),
        new(70, 5, 333, 200, 30, 3, 3),
        new(33, 50, 2100, 2090, 100, 9, 4),
        new(5, 17, 1030, 1024, 400, 9, 5),
        new(64, 64, 1100, 1025, 0, 9, 6),
        new(9, 3, 50, 0, 5, 3, 7),
        new(0, 3, 50, 20, 0, 3, 8),
        new(40, 1, 3000, 2500, 20, 2, 9),
    ];

    [Test]
    public void Ranks_are_those_of_a_naive_stable_sort([ValueSource(nameof(Widths))] SimdWidth width, [Values(0, 3)] int gap)
    {
        using var device = new CpuDevice(2, width);
        foreach (var problem in Cases)
        {
            Assert.That(problem.RunRanks(device, gap), Is.EqualTo(Enumerable.Range(0, problem.Queries).Select(problem.Rank)));
        }
    }

    [Test]
    public void Top_lists_are_the_head_of_a_full_sort([ValueSource(nameof(Widths))] SimdWidth width, [Values(1, 2, 10, 500)] int k, [Values(0, 3)] int gap)
    {
        using var device = new CpuDevice(2, width);
        foreach (var problem in Cases)
        {
            var (items, scores) = problem.RunTop(device, k, gap);
            for (var query = 0; query < problem.Queries; query++)
            {
                var sorted = problem.Sorted(query).Concat(Enumerable.Repeat((Item: -1, Score: double.NegativeInfinity), k)).Take(k).ToArray();
                Assert.That(items.Skip(query * k).Take(k), Is.EqualTo(sorted.Select(pair => pair.Item)));
                Assert.That(scores.Skip(query * k).Take(k).Select(score => (double)score), Is.EqualTo(sorted.Select(pair => pair.Score)));
            }
        }
    }

    [Test]
    public void Answers_are_the_same_bits_for_any_threads_and_any_width()
    {
        var problem = new RankingCase(150, 50, 2300, 2200, 60, 7, 10);
        Perturb(problem.QueryValues);
        Perturb(problem.ItemValues);
        using var one = new CpuDevice(1);
        var (ranks, (items, scores)) = (problem.RunRanks(one), problem.RunTop(one, 20));
        foreach (var width in Widths)
        {
            foreach (var threads in (ReadOnlySpan<int>)[1, 2, 3, 8])
            {
                using var device = new CpuDevice(threads, width);
                var (otherItems, otherScores) = problem.RunTop(device, 20);
                Assert.That(problem.RunRanks(device), Is.EqualTo(ranks));
                Assert.That(otherItems, Is.EqualTo(items));
                Assert.That(otherScores, Is.EqualTo(scores));
            }
        }
    }

    [Test]
    public void A_target_equals_itself_however_its_score_is_rounded([ValueSource(nameof(Widths))] SimdWidth width)
    {
        // All items are copies of one row, so that every score is equal only if the target's own has the same bits as the streamed ones.
        var problem = new RankingCase(40, 53, 1500, 1400, 0, 7, 11);
        Perturb(problem.QueryValues);
        Perturb(problem.ItemValues);
        for (var item = 1; item < problem.Items; item++)
        {
            problem.ItemValues.AsSpan(0, 53).CopyTo(problem.ItemValues.AsSpan(item * 53));
        }

        using var device = new CpuDevice(2, width);
        var expected = problem.Targets.Select(target => Array.IndexOf(problem.Candidates, target) + 1);
        Assert.That(problem.RunRanks(device), Is.EqualTo(expected));
    }

    [Test]
    public void A_target_that_is_filtered_or_no_candidate_has_rank_0()
    {
        using var device = new CpuDevice(2);
        var problem = new RankingCase(3, 4, 30, 20, 0, 5, 12);
        problem.Targets[0] = problem.Candidates[7];
        problem.Targets[1] = Enumerable.Range(0, 30).Except(problem.Candidates).First();
        problem.Targets[2] = problem.Candidates[7];
        using var step = device.BeginStep();
        var ranks = new int[3];
        var (queries, items) = (device.Upload(problem.QueryValues, Shape.Matrix(3, 4)), device.Upload(problem.ItemValues, Shape.Matrix(30, 4)));
        device.Ranking.Ranks(queries, items, device.Upload(problem.Candidates), problem.Targets,
            new ItemFilter([0, 2, 2, 2], [problem.Candidates[7], problem.Candidates[7]]), ranks);
        Assert.That(ranks, Is.EqualTo(new[] { 0, 0, problem.Rank(2) }));
    }

    [Test]
    public void Without_a_filter_every_candidate_is_seen()
    {
        using var device = new CpuDevice(2);
        var problem = new RankingCase(10, 4, 30, 20, 0, 5, 13);
        using var step = device.BeginStep();
        var ranks = new int[10];
        var (queries, items) = (device.Upload(problem.QueryValues, Shape.Matrix(10, 4)), device.Upload(problem.ItemValues, Shape.Matrix(30, 4)));
        device.Ranking.Ranks(queries, items, device.Upload(problem.Candidates), problem.Targets, default, ranks);
        Assert.That(ranks, Is.EqualTo(Enumerable.Range(0, 10).Select(problem.Rank)));
    }

    [Test]
    public void Infinite_scores_are_ranked()
    {
        using var device = new CpuDevice(1);
        var problem = new RankingCase(2, 1, 9, 9, 0, 5, 14);
        problem.QueryValues[0] = 1;
        problem.QueryValues[1] = -1;
        problem.ItemValues[3] = float.PositiveInfinity;
        problem.ItemValues[5] = float.NegativeInfinity;
        problem.Targets[0] = 5;
        problem.Targets[1] = 5;
        Assert.That(problem.RunRanks(device), Is.EqualTo(new[] { 9, 1 }));
        Assert.That(problem.RunTop(device, 9).Items[8], Is.EqualTo(5));
    }

    [TestCase(7)]
    [TestCase(1020)]
    [TestCase(1099)]
    public void A_score_that_is_no_number_is_an_error_that_names_the_query(int item)
    {
        using var device = new CpuDevice(2);
        var problem = new RankingCase(100, 6, 1100, 1100, 0, 5, 15);
        problem.QueryValues[(77 * 6) + 2] = float.NaN;
        problem.QueryValues[(90 * 6) + 2] = float.NaN;
        Assert.That(() => problem.RunRanks(device), Throws.TypeOf<ArithmeticException>().With.Message.Contains("query 77 is NaN"));
        Assert.That(() => problem.RunTop(device, 3), Throws.TypeOf<ArithmeticException>().With.Message.Contains("query 77 is NaN"));
        problem.QueryValues[(77 * 6) + 2] = problem.QueryValues[(90 * 6) + 2] = 0;
        problem.ItemValues[item * 6] = float.NaN;
        Assert.That(() => problem.RunRanks(device), Throws.TypeOf<ArithmeticException>().With.Message.Contains("query 0 is NaN"));
    }

    [Test]
    public void Wrong_arguments_are_named()
    {
        using var device = new CpuDevice(1);
        var problem = new RankingCase(4, 3, 20, 10, 0, 5, 16);
        problem.Targets[2] = 20;
        Assert.That(() => problem.RunRanks(device), Throws.ArgumentException.With.Message.Contains("target of query 2 is item 20"));
        problem.Targets[2] = 0;
        problem.FilterOffsets[1] = 5;
        Assert.That(() => problem.RunRanks(device), Throws.ArgumentException.With.Message.Contains("offsets decrease from 5 to 0 at query 1"));
        problem.FilterOffsets[1] = 0;
        problem.Candidates[4] = problem.Candidates[3];
        Assert.That(() => problem.RunRanks(device), Throws.ArgumentException.With.Message.Contains("candidates must increase; candidate 4"));
        problem.Candidates[4] = 99;
        Assert.That(() => problem.RunTop(device, 2), Throws.ArgumentException.With.Message.Contains("candidate 4 is item 99"));
    }

    /// <summary>Makes products inexact.</summary>
    private static void Perturb(float[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] += 0.1f + (0.013f * (i % 17));
        }
    }
}
