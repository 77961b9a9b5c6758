using CsCheck;
using LargeRec.Data.Preparation;

namespace LargeRec.Data.Tests.Preparation;

public sealed class ApproximateEntropyTests
{
    /// <summary>ApEn(1) is the entropy of an event given the one before, straight from its definition.</summary>
    [Test]
    public void Is_the_entropy_of_an_event_given_the_one_before() => Gen.Int[1, 4].Array[0, 12].Array[1, 5].Sample(
        users =>
        {
            var pairs = users.SelectMany(items => items.Zip(items.Skip(1))).ToArray();
            var expected = pairs.GroupBy(pair => pair.First).Sum(after => after.GroupBy(pair => pair.Second).Sum(next =>
                -(double)next.Count() / pairs.Length * Math.Log2((double)next.Count() / after.Count())));
            Assert.That(ApproximateEntropy.Of(Sequences(users)), Is.EqualTo(expected).Within(1e-12));
        },
        iter: 500);

    [Test]
    public void A_fixed_order_has_none_and_single_events_have_Shannons()
    {
        int[] cycle = [.. Enumerable.Range(0, 400).Select(i => (i % 4) + 1)];
        Assert.That(ApproximateEntropy.Of(Sequences([cycle])), Is.Zero.Within(1e-12));
        Assert.That(ApproximateEntropy.Of(Sequences([cycle]), 0), Is.EqualTo(2).Within(1e-12));
    }

    [Test]
    public void Other_lengths_of_blocks_are_an_error() =>
        Assert.That(() => ApproximateEntropy.Of(Sequences([[1]]), 2), Throws.TypeOf<ArgumentOutOfRangeException>());

    private static InteractionSequences Sequences(int[][] users) =>
        InteractionSequences.From(Logs.Of([.. users.SelectMany((items, user) => items.Select((item, time) => (user, item, time)))]));
}
