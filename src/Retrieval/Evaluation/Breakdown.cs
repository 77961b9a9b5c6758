using LargeRec.Data.Preparation;
using LargeRec.Retrieval.Baselines;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Metrics;

namespace LargeRec.Retrieval.Evaluation;

/// <summary>
/// Metrics of an evaluation by groups of its examples; every example is in one group of each breakdown, and ranks are those of the whole evaluation, by its
/// protocol. Popularity is counted on training events only.
/// </summary>
/// <param name="Name">By what the examples are grouped.</param>
/// <param name="Groups">In their order.</param>
public sealed record Breakdown(string Name, IReadOnlyList<BreakdownGroup> Groups)
{
    private const int MassShares = 5;

    private static readonly int[] LengthBounds = [1, 5, 10, 20, 50, 100, 200, 500, 1000];
    private static readonly int[] ColdBounds = [0, 1, 5, 10];
    private static readonly MetricCutoffs Cutoffs = new([10], [10]);

    /// <summary>By history length (every event before what is tested, older ones than the model sees too), by the target's popularity, and by how many training
    /// events the item and the user have.</summary>
    /// <param name="data">The data that were evaluated.</param>
    /// <param name="examples">The examples, in the order of the ranks.</param>
    /// <param name="ranks">The rank of each example's target; 0 is a miss.</param>
    /// <param name="resamples">Resamples behind the intervals; 0: none.</param>
    /// <param name="seed">The same seed gives the same intervals.</param>
    public static IReadOnlyList<Breakdown> All(ExperimentData data, ReadOnlyMemory<Example> examples, IReadOnlyList<int> ranks, int resamples, ulong seed)
    {
        if (ranks.Count != examples.Length)
        {
            throw new ArgumentException($"{ranks.Count} ranks of {examples.Length} examples; give one rank an example");
        }

        var training = new TrainingEvents(data.Sequences, data.Split);
        var popularity = new PopularityOrder(data.Sequences, training);
        var shares = new PopularityShares(data.Sequences.Catalogue.Candidates, popularity, MassShares);
        return
        [
            ByBounds("history length", LengthBounds, example => example.Start + example.Length - data.Sequences.Offsets[example.User], "events"),
            By("target popularity", shares.Names, example => shares.Of(data.Sequences.Items[example.Target])),
            ByBounds("training events of the target item", ColdBounds, example => popularity.CountOf(data.Sequences.Items[example.Target]), "events"),
            ByBounds("training events of the user", ColdBounds, example => training.Of(example.User).Length, "events"),
        ];

        Breakdown By(string name, IReadOnlyList<string> names, Func<Example, int> groupOf)
        {
            var members = names.Select(_ => new List<int>()).ToArray();
            for (var i = 0; i < examples.Length; i++)
            {
                members[groupOf(examples.Span[i])].Add(i);
            }

            return new Breakdown(name, [.. names.Zip(members).Where(group => group.Second.Count > 0).Select(group => Measure(group.First, group.Second))]);
        }

        Breakdown ByBounds(string name, int[] bounds, Func<Example, int> sizeOf, string unit) => By(
            name,
            [.. bounds.Select((low, i) => NameOf(low, i + 1 < bounds.Length ? bounds[i + 1] - 1 : null, unit))],
            example => bounds.AsSpan().LastIndexOfAnyInRange(int.MinValue, sizeOf(example)));

        BreakdownGroup Measure(string name, List<int> members)
        {
            var users = members.ConvertAll(i => examples.Span[i].User);
            var metrics = new RankingMetrics(members.ConvertAll(i => ranks[i]), Cutoffs, users);
            var interval = resamples == 0 ? default((double Low, double High)?) : metrics.Intervals(resamples, seed)["ndcg@10"];
            return new BreakdownGroup(
                name, members.Count, metrics.Values["hr@10"], metrics.Values["ndcg@10"], metrics.Values["mrr"], interval is { } known ? [known.Low, known.High]
                : null);
        }
    }

    private static string NameOf(int low, int? high, string unit) =>
        low == 0 && high == 0 ? $"no {unit}" : high is null ? $"{low} {unit} or more" : high == low ? $"{low} {unit}" : $"{low} to {high} {unit}";
}
