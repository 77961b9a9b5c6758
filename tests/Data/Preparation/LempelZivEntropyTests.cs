using CsCheck;
using LargeRec.Data.Preparation;

namespace LargeRec.Data.Tests.Preparation;

public sealed class LempelZivEntropyTests
{
    [Test]
    public void Agrees_with_the_definition_searched_naively()
        => Gen.Int[1, 4].Array[2, 60].Sample(
            items => Assert.That(LempelZivEntropy.Of(items), Is.EqualTo(Naive(items)).Within(1e-12)),
            iter: 3000);

    [Test]
    public void Long_runs_of_one_item_take_linear_time_and_tend_to_zero()
    {
        // 200,000 events: quadratic work would be 10^10 steps.
        Assert.That(LempelZivEntropy.Of([.. Enumerable.Repeat(7, 200_000)]), Is.LessThan(0.001));
    }

    [Test]
    public void Of_independent_items_it_tends_to_Shannons_entropy()
    {
        var random = new Synthetic.SplitMix(5);
        var items = Enumerable.Range(0, 100_000).Select(_ => (int)(random.NextUInt32() >> 28)).ToArray();
        Assert.That(LempelZivEntropy.Of(items), Is.EqualTo(4).Within(0.4));
    }

    [Test]
    public void The_mean_is_over_users_of_two_events_or_more()
    {
        var sequences = InteractionSequences.From(Logs.Of([(0, 1, 0), (0, 2, 1), (1, 1, 0), (2, 1, 0), (2, 1, 1), (2, 1, 2)]));
        var (mean, users) = LempelZivEntropy.MeanOf(sequences);
        Assert.That(users, Is.EqualTo(2));
        Assert.That(mean, Is.EqualTo((Naive([1, 2]) + Naive([1, 1, 1])) / 2).Within(1e-12));
    }

    private static double Naive(int[] items)
    {
        var text = string.Concat(items.Select(item => (char)('a' + item)));
        long sum = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var longest = 0;
            while (i + longest < text.Length && text[..i].Contains(text.Substring(i, longest + 1), StringComparison.Ordinal))
            {
                longest++;
            }

            sum += longest + 1;
        }

        return text.Length * Math.Log2(text.Length) / sum;
    }
}
