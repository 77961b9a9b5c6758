using CsCheck;
using LargeRec.Engine.Cpu.Ranking;

namespace LargeRec.Engine.Tests.Cpu.Ranking;

public sealed class BestKeysTests
{
    [Test]
    public void Keys_order_scores_and_then_positions_and_read_back()
    {
        var score = Gen.OneOf(Gen.Single, Gen.OneOf(Gen.Const(0f), Gen.Const(float.PositiveInfinity), Gen.Const(float.NegativeInfinity),
            Gen.Const(float.Epsilon), Gen.Const(-float.Epsilon))).Where(s => !float.IsNaN(s));
        Gen.Select(score, Gen.Int[0, int.MaxValue], score, Gen.Int[0, int.MaxValue]).Sample((a, atA, b, atB) =>
        {
            Assert.That(BestKeys.Of(a, atA) > BestKeys.Of(b, atB), Is.EqualTo(a > b || (a == b && atA < atB)));
            Assert.That(BestKeys.Of(a, atA) > BestKeys.Of(a, atB), Is.EqualTo(atA < atB));
            Assert.That((BestKeys.Score(BestKeys.Of(a, atA)), BestKeys.Position(BestKeys.Of(a, atA))), Is.EqualTo((a, atA)));
        });
        Assert.That(BestKeys.Of(-0f, 3), Is.EqualTo(BestKeys.Of(0f, 3)), "equal scores are told apart by position alone");
    }

    [Test]
    public void Selection_moves_the_largest_to_the_front()
    {
        Gen.Select(Gen.ULong[0, 50].Array[0, 300], Gen.Int[0, 310]).Sample((keys, count) =>
        {
            var largest = Math.Min(count, keys.Length);
            var expected = keys.OrderDescending().Take(largest).ToArray();
            BestKeys.Select(keys, largest);
            Assert.That(keys.Take(largest).OrderDescending(), Is.EqualTo(expected));
        });
    }

    [Test]
    public void Selection_takes_sorted_keys_and_keys_that_are_all_equal()
    {
        foreach (var keys in new[] { Enumerable.Range(0, 5000).Select(i => (ulong)i).ToArray(), [.. Enumerable.Range(0, 5000).Select(i => 5000ul - (ulong)i)],
            new ulong[5000] })
        {
            var expected = keys.OrderDescending().Take(2000).ToArray();
            BestKeys.Select(keys, 2000);
            Assert.That(keys.Take(2000).OrderDescending(), Is.EqualTo(expected));
        }
    }
}
