using CsCheck;
using LargeRec.Retrieval.Baselines;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Metrics;

namespace LargeRec.Retrieval.Tests.Baselines;

/// <summary>The floors against a full sort of all candidates, and against the figures known of MovieLens 100K.</summary>
public sealed class BaselineFloorsTests
{
    private static readonly MetricCutoffs Cutoffs = new([1, 2, 3, 5, 10], [3, 10]);

    [Test]
    public void Ranks_are_those_of_a_plain_full_sort([Values("published", "validated", "temporal", "ratio", "basket")] string split, [Values] bool filter)
    {
        var users = Gen.Int[1, 9].Array[5, 9].Array[3, 12];
        users.Sample(
            items =>
            {
                var data = SmallData.Of(items, $"data.split={split}", "data.max_length=4");
                var floors = BaselineFloors.Of(data, data.Split.Test, filter, Cutoffs);
                AssertEqual(floors[BaselineFloors.Popularity], Naive(data, filter, isMarkov: false));
                AssertEqual(floors[BaselineFloors.Markov], Naive(data, filter, isMarkov: true));
            },
            iter: 150,
            threads: 1);
    }

    [Test]
    public void Held_out_events_are_not_counted()
    {
        // The last item of each user is 9; counted, it would be the most popular.
        var data = SmallData.Of([[1, 2, 3, 9], [1, 3, 2, 9], [4, 1, 5, 9]], "data.split=published");
        var floor = BaselineFloors.Of(data, data.Split.Test, filterHistory: true, Cutoffs)[BaselineFloors.Popularity];
        Assert.That(floor.Values["hr@1"], Is.Zero);
    }

    [Test]
    public void MovieLens_100K_has_the_floors_that_are_known_of_it()
    {
        var folder = Environment.GetEnvironmentVariable("LARGEREC_DATA");
        if (string.IsNullOrEmpty(folder))
        {
            Assert.Ignore("LARGEREC_DATA is not set: it names the folder that has ml-100k");
        }

        // The known figures leave out the whole history, so no window is shorter than it.
        var configuration = EmbeddedConfigurations.Find("ml-100k").Read(["data.split=published", "data.max_length=1000"]);
        var data = ExperimentData.Open(configuration, folder);
        var floors = BaselineFloors.Of(data, data.Split.Test, filterHistory: true, Cutoffs);
        // A plain script gives these, and NDCG@10 .0439 and .0792 where ties go to the larger item index.
        Assert.That(Headline(floors[BaselineFloors.Popularity]), Is.EqualTo((0.0859, 0.0449)));
        Assert.That(Headline(floors[BaselineFloors.Markov]), Is.EqualTo((0.1453, 0.0793)));
    }

    private static (double HitRate, double Ndcg) Headline(RankingMetrics metrics) =>
        (Math.Round(metrics.Values["hr@10"], 4), Math.Round(metrics.Values["ndcg@10"], 4));

    private static void AssertEqual(RankingMetrics actual, RankingMetrics expected)
    {
        foreach (var name in expected.Names)
        {
            Assert.That(actual.Values[name], Is.EqualTo(expected.Values[name]).Within(1e-12), name);
        }
    }

    private static RankingMetrics Naive(ExperimentData data, bool filter, bool isMarkov)
    {
        var sequences = data.Sequences;

        // What is held out, and all of a user that comes after it, whatever the split: nothing of it may count.
        var heldOut = data.Split.Test.ToArray().Concat(data.Split.Validation.ToArray()).GroupBy(e => e.User)
            .ToDictionary(e => e.Key, e => e.Min(example => example.Target));
        var training = Enumerable.Range(0, sequences.UserCount)
            .Select(u => sequences.Items[sequences.Offsets[u]..Math.Min(data.Split.TrainingEnds[u], heldOut.GetValueOrDefault(u, int.MaxValue))].ToArray())
                .ToArray();
        var popularity = training.SelectMany(items => items).CountBy(item => item).ToDictionary();
        var pairs = training.SelectMany(items => items.Zip(items.Skip(1))).CountBy(pair => pair).ToDictionary();
        var ranks = new List<int>();
        foreach (var example in data.Split.Test.ToArray())
        {
            var window = sequences.Items.Slice(example.Start, example.Length).ToArray();
            var order = sequences.Catalogue.Candidates.ToArray()
                .Where(item => !filter || !window.Contains(item))
                .OrderByDescending(item => isMarkov ? pairs.GetValueOrDefault((window[^1], item)) : 0)
                .ThenByDescending(item => popularity.GetValueOrDefault(item))
                .ThenBy(item => item)
                .ToList();
            ranks.Add(order.IndexOf(sequences.Items[example.Target]) + 1);
        }

        return new RankingMetrics(ranks, Cutoffs);
    }
}
