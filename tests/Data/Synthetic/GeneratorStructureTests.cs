using LargeRec.Data.Preparation;
using LargeRec.Data.Synthetic;

namespace LargeRec.Data.Tests.Synthetic;

/// <summary>The generated log must hold what a sequential model can learn and counting pairs of neighbours cannot.</summary>
public sealed class GeneratorStructureTests
{
    private const double Day = 24 * 60 * 60 * 1000.0;

    [TestCase(1UL)]
    [TestCase(2UL)]
    [TestCase(3UL)]
    public void Knowing_the_users_interests_beats_the_last_item_by_far_and_that_beats_popularity(ulong seed)
    {
        var options = new GeneratorOptions { Seed = seed };
        var sequences = InteractionSequences.From(InteractionGenerator.Generate(options, s => new SplitMix(s)));
        var split = DataSplit.Of(sequences, SplitKind.Published, 200);

        var popularity = Floors.Popularity(sequences, split).Ndcg;
        var markov = Floors.Markov(sequences, split).Ndcg;
        var oracle = Oracle(options, sequences, split);
        TestContext.Out.WriteLine($"{SequenceStatistics.Of(sequences)}");
        TestContext.Out.WriteLine($"seed {seed}: popularity {popularity:F4}, Markov {markov:F4}, oracle {oracle:F4}");
        Assert.That(markov, Is.InRange(0.02, 0.1));
        Assert.That(popularity, Is.LessThan(markov));
        Assert.That(oracle, Is.GreaterThan(3 * markov));
    }

    /// <summary>Ranks the next parts of the user's interests first and the rest by popularity: less than what the generator's state allows.</summary>
    private static double Oracle(GeneratorOptions options, InteractionSequences sequences, DataSplit split)
    {
        var random = new SplitMix(options.Seed);
        var world = new SyntheticWorld(options, random);
        var user = new SyntheticUser(world, options, random);
        var popularity = Floors.CountItems(sequences);
        var expected = new double[options.Users][];
        for (var index = 0; index < options.Users; index++)
        {
            user.Begin((19723 + random.NextUnit() * 180) * Day);
            var length = InteractionGenerator.DrawLength(options, random);
            for (var i = 0; i < length; i++)
            {
                if (i == sequences.LengthOf(index) - 1)
                {
                    expected[index] = Scores(world, user, popularity);
                }

                if (!user.TryTake(out var taken))
                {
                    break;
                }

                Assert.That(taken.Item, Is.EqualTo(sequences.Items[sequences.Offsets[index] + i]), "the oracle must walk as the generator did");
                user.Wait();
            }
        }

        return Floors.MeanAt10(sequences, split, example => expected[example.User]).Ndcg;
    }

    private static double[] Scores(SyntheticWorld world, SyntheticUser user, double[] popularity)
    {
        var scores = Array.ConvertAll(popularity, count => count / 1e9);
        for (var i = 0; i < user.Interests.Length; i++)
        {
            var interest = user.Interests[i];
            for (var part = interest.NextPart; part < world.LengthOf(interest.Series); part++)
            {
                var item = world.Item(interest.Series, part);
                if (!user.HasTaken(item))
                {
                    scores[item] += i == user.Current ? 0.1 : 1;
                    break;
                }
            }
        }

        return scores;
    }
}
