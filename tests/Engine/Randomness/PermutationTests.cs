using CsCheck;
using LargeRec.Engine.Randomness;

namespace LargeRec.Engine.Tests.Randomness;

public sealed class PermutationTests
{
    [Test]
    public void Holds_every_index_once()
    {
        Gen.Select(Gen.ULong, Gen.Int[0, 1000], Gen.Int[0, 200]).Sample(
            (seed, epoch, count) => Permutation.Of(seed, epoch, count).Order().SequenceEqual(Enumerable.Range(0, count)), iter: 200);
    }

    [Test]
    public void Depends_on_seed_and_epoch_alone()
    {
        var order = Permutation.Of(1, 2, 100);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Permutation.Of(1, 2, 100), Is.EqualTo(order));
            Assert.That(Permutation.Of(1, 3, 100), Is.Not.EqualTo(order));
            Assert.That(Permutation.Of(2, 2, 100), Is.Not.EqualTo(order));
        }
    }

    [Test]
    public void Every_order_of_three_comes_up_equally_often()
    {
        const int epochs = 60_000;
        var counts = new Dictionary<(int, int, int), int>();
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var order = Permutation.Of(5, epoch, 3);
            var key = (order[0], order[1], order[2]);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        Assert.That(counts, Has.Count.EqualTo(6));
        Assert.That(counts.Values, Is.All.EqualTo(epochs / 6).Within(5 * Math.Sqrt(epochs / 6.0)));
    }

    [Test]
    public void The_order_of_a_seed_never_changes()
    {
        // Computed by an independent Philox and shuffle in Python: a change here makes every checkpointed run resume on other batches.
        Assert.That(Permutation.Of(42, 0, 8), Is.EqualTo([6, 4, 5, 0, 1, 2, 3, 7]));
    }
}
