using LargeRec.Engine.Operations;
using LargeRec.Engine.Weights;

namespace LargeRec.Engine.Tests.Tensors;

/// <summary>The buckets against an independent script's and against their formula.</summary>
public sealed class TimeBucketsTests
{
    [Test]
    public void Starts_are_those_of_the_golden_file()
    {
        using var file = SafetensorsFile.Open(Golden.PathOf("time-buckets"));
        var starts = file.ReadInt64s(file.Get("starts"));
        for (var bucket = 0; bucket < starts.Length; bucket++)
        {
            // "starts" holds the first second whose bucket is b or more: 0 for bucket 0, where |Δt| counts as at least 1.
            Assert.That(TimeBuckets.Thresholds[bucket], Is.EqualTo(Math.Max(1, starts[bucket])), $"bucket {bucket}");
        }
    }

    [Test]
    public void Buckets_are_the_formula_around_every_threshold()
    {
        foreach (var threshold in TimeBuckets.Thresholds.ToArray().Where(t => t < 1L << 33))
        {
            for (var seconds = Math.Max(0, threshold - 3); seconds <= threshold + 3; seconds++)
            {
                Assert.That(TimeBuckets.Of(seconds), Is.EqualTo(Formula(seconds)), $"{seconds} s");
                Assert.That(TimeBuckets.Of(-seconds), Is.EqualTo(Formula(seconds)), $"-{seconds} s");
            }
        }
    }

    [Test]
    public void Buckets_are_the_formula_everywhere()
    {
        for (long seconds = 0; seconds < 300_000_000; seconds += 1 + (seconds / 10_000))
        {
            Assert.That(TimeBuckets.Of(seconds), Is.EqualTo(Formula(seconds)), $"{seconds} s");
        }
    }

    [TestCase(0, 0)]
    [TestCase(1, 0)]
    [TestCase(2, 2)]
    [TestCase(417_900, 42)]
    [TestCase(417_901, 43)]
    [TestCase(1_030_959, 46)]
    [TestCase(1_882_290, 48)]
    [TestCase(69_720_053, 60)]
    [TestCase(1_000_000_000, 68)]
    [TestCase(int.MaxValue, 71)]
    public void Known_buckets(long seconds, int bucket) => Assert.That(TimeBuckets.Of(seconds), Is.EqualTo(bucket));

    private static int Formula(long seconds) => Math.Min((int)(MathF.Log(Math.Max(Math.Abs(seconds), 1)) / 0.301f), 128);
}
