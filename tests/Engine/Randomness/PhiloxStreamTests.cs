using LargeRec.Engine.Randomness;

namespace LargeRec.Engine.Tests.Randomness;

public sealed class PhiloxStreamTests
{
    private const int Draws = 200_000;

    [Test]
    public void Walks_the_words_of_successive_blocks()
    {
        var stream = new PhiloxStream(7, site: 3, forwardCount: 2);
        for (var block = 0ul; block < 3; block++)
        {
            var (x, y, z, w) = Philox.Block(7, block, 2, 3);
            uint[] drawn = [stream.NextUInt32(), stream.NextUInt32(), stream.NextUInt32(), stream.NextUInt32()];
            Assert.That(drawn, Is.EqualTo([x, y, z, w]));
        }
    }

    [Test]
    public void A_named_site_is_its_stable_hash()
    {
        Assert.That(new PhiloxStream(1, "a.b").NextUInt64(), Is.EqualTo(new PhiloxStream(1, StableHash.Of("a.b")).NextUInt64()));
    }

    [Test]
    public void Seeds_sites_and_forward_counts_give_different_streams()
    {
        ulong[] firsts =
        [
            new PhiloxStream(1, 1).NextUInt64(), new PhiloxStream(2, 1).NextUInt64(), new PhiloxStream(1, 2).NextUInt64(),
            new PhiloxStream(1, 1, 1).NextUInt64(), new PhiloxStream(1ul << 32, 1).NextUInt64(),
        ];
        Assert.That(firsts, Is.Unique);
    }

    [Test]
    public void Uniform_draws_have_the_moments_of_the_uniform()
    {
        var stream = new PhiloxStream(11, 1);
        var (mean, variance) = Moments(() => stream.NextSingle());
        using (Assert.EnterMultipleScope())
        {
            // Five standard errors: sqrt(1/12/n) and, for the variance, sqrt((1/80 - 1/144)/n).
            Assert.That(mean, Is.EqualTo(0.5).Within(5 * Math.Sqrt(1.0 / 12 / Draws)));
            Assert.That(variance, Is.EqualTo(1.0 / 12).Within(5 * Math.Sqrt((1.0 / 80 - 1.0 / 144) / Draws)));
        }
    }

    [Test]
    public void Normal_draws_have_the_moments_of_the_normal_and_neighbours_do_not_correlate()
    {
        var stream = new PhiloxStream(12, 1);
        var draws = Enumerable.Range(0, Draws).Select(_ => stream.NextNormal()).ToArray();
        var next = 0;
        var (mean, variance) = Moments(() => draws[next++]);
        var fourth = draws.Average(d => d * d * d * d);
        var neighbours = draws.Zip(draws.Skip(1), (a, b) => a * b).Average();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(mean, Is.Zero.Within(5 / Math.Sqrt(Draws)));
            Assert.That(variance, Is.EqualTo(1.0).Within(5 * Math.Sqrt(2.0 / Draws)));
            Assert.That(fourth, Is.EqualTo(3.0).Within(5 * Math.Sqrt(96.0 / Draws)));
            Assert.That(neighbours, Is.Zero.Within(5 / Math.Sqrt(Draws)));
        }
    }

    [Test]
    public void Truncated_normal_draws_spread_0_880_and_hardly_ever_leave_the_interval()
    {
        var stream = new PhiloxStream(13, 1);
        var outside = 0;
        var (mean, variance) = Moments(() =>
        {
            var draw = stream.NextTruncatedNormal();
            outside += Math.Abs(draw) >= 2 ? 1 : 0;
            return draw;
        });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(mean, Is.Zero.Within(0.01));
            Assert.That(Math.Sqrt(variance), Is.EqualTo(0.880).Within(0.005));
            // Four misses in a row have probability 0.0455^4 = 4.3e-6, about 0.9 in these draws.
            Assert.That(outside, Is.LessThanOrEqualTo(8));
        }
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(7)]
    public void Bounded_draws_are_equally_likely(int bound)
    {
        var stream = new PhiloxStream(14, 1);
        var counts = new int[bound];
        for (var i = 0; i < Draws; i++)
        {
            counts[stream.NextBelow(bound)]++;
        }

        var expected = (double)Draws / bound;
        Assert.That(counts, Is.All.EqualTo(expected).Within(5 * Math.Sqrt(expected) + 1e-9));
    }

    [Test]
    public void A_bound_that_does_not_divide_the_range_is_not_biased()
    {
        // 2^32 words over this bound are 8 for 3 values: without drawing again the residues mod 3 would come up 3/8, 3/8 and 2/8 of the time.
        const int bound = 0x60000000;
        var stream = new PhiloxStream(15, 1);
        var lower = 0;
        for (var i = 0; i < Draws; i++)
        {
            lower += stream.NextBelow(bound) % 3 == 0 ? 1 : 0;
        }

        Assert.That(lower / (double)Draws, Is.EqualTo(1.0 / 3).Within(5 * Math.Sqrt(2.0 / 9 / Draws)));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void A_bound_below_one_is_an_error(int bound)
    {
        Assert.That(() => new PhiloxStream(1, 1).NextBelow(bound), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static (double Mean, double Variance) Moments(Func<double> draw)
    {
        var sum = 0.0;
        var squares = 0.0;
        for (var i = 0; i < Draws; i++)
        {
            var value = draw();
            sum += value;
            squares += value * value;
        }

        var mean = sum / Draws;
        return (mean, squares / Draws - mean * mean);
    }
}
