using LargeRec.Cases;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Tests.Operations;

/// <summary>The buckets against an independent script's, which computes them in float32 as the public code does.</summary>
public sealed class TimeBucketsGoldenTests
{
    [Test]
    public void Starts_are_those_of_the_golden_file()
    {
        using var golden = GoldenFile.Open("time-buckets");
        var starts = golden.Integers("starts");
        Assert.That(starts, Has.Length.GreaterThan(70));

        // "starts" holds the first second whose bucket is b or more: 0 for bucket 0, where |Δt| counts as at least 1.
        Assert.That(TimeBuckets.Thresholds[..starts.Length].ToArray(), Is.EqualTo(starts.Select(s => (long)Math.Max(1, s))));
    }
}
