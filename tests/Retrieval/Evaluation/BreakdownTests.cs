using System.Text;
using LargeRec.Retrieval.Evaluation;

namespace LargeRec.Retrieval.Tests.Evaluation;

public sealed class BreakdownTests
{
    [Test]
    public void Groups_are_those_of_a_count_by_hand()
    {
        // Published split: the last event is the test, all before it the training. In training item 1 occurs 8 times, 2 six times, 3 twice, 4 once, 9 never.
        using var data = SmallData.Of([[1, 1, 1, 2, 2, 3], [1, 1, 2, 1], [2, 3, 9], [3, 4, 1], [1, 2, 2, 1, 1, 3]], "data.split=published");
        var breakdowns = Breakdown.All(data, data.Split.Test, [1, 2, 0, 20, 3], resamples: 0, seed: 1);
        Assert.That(breakdowns.Select(b => b.Name),
            Is.EqualTo(new[] { "history length", "target popularity", "training events of the target item", "training events of the user" }));
        Assert.That(Counts(breakdowns[0]), Is.EqualTo("1 to 4 events: 3; 5 to 9 events: 2"));
        Assert.That(Counts(breakdowns[2]), Is.EqualTo("no events: 1; 1 to 4 events: 2; 5 to 9 events: 2"));
        Assert.That(Counts(breakdowns[3]), Is.EqualTo("1 to 4 events: 3; 5 to 9 events: 2"));
        var longer = breakdowns[0].Groups[1];
        Assert.That((longer.HitRate, longer.Ndcg, longer.ReciprocalRank), Is.EqualTo((1.0, (1 + 0.5) / 2, (1 + (1.0 / 3)) / 2)));
        var shorter = breakdowns[0].Groups[0];
        Assert.That(shorter.HitRate, Is.EqualTo(1.0 / 3));
        Assert.That(shorter.ReciprocalRank, Is.EqualTo((0.5 + 0.05) / 3).Within(1e-15));
        Assert.That(shorter.NdcgInterval, Is.Null);
    }

    [Test]
    public void Several_tests_of_a_user_have_the_one_history_before_them()
    {
        using var data = SmallData.Of([[.. Enumerable.Range(1, 20)]], "data.split=ratio");
        var test = data.Split.Test;
        Assert.That(test.Length, Is.EqualTo(2), "the last tenth of 20 events");
        var breakdowns = Breakdown.All(data, test, [1, 2], resamples: 0, seed: 1);
        Assert.That(Counts(breakdowns[0]), Is.EqualTo("10 to 19 events: 2"));
        Assert.That(Counts(breakdowns[1]), Is.EqualTo("not in training: 2"));
        using var stream = new MemoryStream();
        RanksFile.WriteCsv(stream, data, test, [1, 2]);
        Assert.That(Encoding.UTF8.GetString(stream.ToArray()), Is.EqualTo("user,item,history_length,rank\n0,19,18,1\n0,20,18,2\n"));
    }

    [Test]
    public void The_whole_is_the_mean_of_its_groups()
    {
        using var data = SmallData.Generated();
        var test = data.Split.Test;
        int[] ranks = [.. Enumerable.Range(0, test.Length).Select(i => (i * 7) % 25)];
        foreach (var breakdown in Breakdown.All(data, test, ranks, resamples: 50, seed: 1))
        {
            Assert.That(breakdown.Groups.Sum(g => g.Count), Is.EqualTo(test.Length), breakdown.Name);
            Assert.That(breakdown.Groups.Sum(g => g.Count * g.HitRate) / test.Length, Is.EqualTo(ranks.Count(r => r is >= 1 and <= 10) / (double)ranks.Length)
                .Within(1e-12), breakdown.Name);
            Assert.That(breakdown.Groups, Has.All.Matches<BreakdownGroup>(g => g!.NdcgInterval![0] <= g.Ndcg && g.Ndcg <= g.NdcgInterval[1]));
        }
    }

    [Test]
    public void The_most_popular_items_come_first_in_shares_of_equal_weight()
    {
        // Training events: item 1 five times, 2 twice, 3, 4, 5 and 6 once; published: the last event of each user is held out.
        using var data = SmallData.Of([[1, 1, 1, 1, 1, 5], [2, 2, 3, 4, 5, 2], [6, 1]], "data.split=published");
        var popularity = Breakdown.All(data, data.Split.Test, [1, 2, 3], resamples: 0, seed: 1)[1];
        Assert.That(popularity.Groups[0].Name, Is.EqualTo("most popular 1"));
        Assert.That(popularity.Groups.Sum(g => g.Count), Is.EqualTo(3));
        Assert.That(popularity.Groups[0].ReciprocalRank, Is.EqualTo(1.0 / 3), "the target of the third user is the most popular item");
    }

    [Test]
    public void Ranks_are_written_with_the_datas_ids()
    {
        using var data = SmallData.Of([[1, 2, 3], [4, 5, 6, 7]], "data.split=published");
        using var stream = new MemoryStream();
        RanksFile.WriteCsv(stream, data, data.Split.Test, [5, 0]);
        Assert.That(Encoding.UTF8.GetString(stream.ToArray()), Is.EqualTo("user,item,history_length,rank\n0,3,2,5\n1,7,3,0\n"));
        Assert.That(() => Breakdown.All(data, data.Split.Test, [1], 0, 1), Throws.ArgumentException);
    }

    private static string Counts(Breakdown breakdown) => string.Join("; ", breakdown.Groups.Select(g => $"{g.Name}: {g.Count}"));
}
