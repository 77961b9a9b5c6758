using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Tests.Operations;

internal sealed class TimeBucketsTests
{
    [TestCase(0, 0)]
    [TestCase(1, 0)]
    [TestCase(-1, 0)]
    [TestCase(2, 2)]
    [TestCase(3, 3)]
    [TestCase(-3, 3)]
    [TestCase(417_900, 42)]
    [TestCase(417_901, 43)]
    [TestCase(1_030_958, 45)]
    [TestCase(1_030_959, 46)]
    [TestCase(1_882_289, 47)]
    [TestCase(1_882_290, 48)]
    [TestCase(69_720_052, 59)]
    [TestCase(69_720_053, 60)]
    [TestCase(1_000_000_000, 68)]
    [TestCase(long.MaxValue, 128)]
    [TestCase(long.MinValue, 128)]
    public void A_difference_is_in_the_bucket_that_the_published_float32_formula_gives(long seconds, int bucket) =>
        Assert.That(TimeBuckets.Of(seconds), Is.EqualTo(bucket));

    [Test]
    public void Thresholds_are_where_the_formula_steps()
    {
        var thresholds = TimeBuckets.Thresholds.ToArray();
        Assert.That(thresholds, Has.Length.EqualTo(TimeBuckets.Count).And.Ordered);
        for (var bucket = 1; bucket < TimeBuckets.Count; bucket++)
        {
            Assert.That(TimeBuckets.Formula(thresholds[bucket]), Is.GreaterThanOrEqualTo(bucket));
            Assert.That(TimeBuckets.Formula(thresholds[bucket] - 1), Is.LessThan(bucket));
        }
    }

    [Test]
    public void Around_every_threshold_and_power_of_two_the_bucket_is_the_formula()
    {
        var places = TimeBuckets.Thresholds.ToArray().Concat(Enumerable.Range(0, 62).Select(power => 1L << power));
        foreach (var place in places)
        {
            for (var seconds = Math.Max(0, place - 50); seconds < place + 50; seconds++)
            {
                Assert.That(TimeBuckets.Of(seconds), Is.EqualTo(TimeBuckets.Formula(seconds)), $"{seconds} s");
            }
        }
    }

    [Test]
    public void The_first_million_seconds_are_in_the_formulas_bucket()
    {
        for (var seconds = 0; seconds < 1_000_000; seconds++)
        {
            if (TimeBuckets.Of(seconds) != TimeBuckets.Formula(seconds))
            {
                Assert.Fail($"{seconds} s: {TimeBuckets.Of(seconds)}, by the formula {TimeBuckets.Formula(seconds)}");
            }
        }
    }

    [Test]
    public void Within_32_bits_of_seconds_the_logarithm_in_float32_gives_the_same_buckets()
    {
        foreach (var threshold in TimeBuckets.Thresholds.ToArray().Where(t => t <= uint.MaxValue))
        {
            Assert.That((int)(MathF.Log(threshold) / 0.301f), Is.EqualTo(TimeBuckets.Formula(threshold)), $"{threshold} s");
            Assert.That((int)(MathF.Log(Math.Max(1, threshold - 1)) / 0.301f), Is.EqualTo(TimeBuckets.Formula(threshold - 1)), $"{threshold - 1} s");
        }
    }
}
