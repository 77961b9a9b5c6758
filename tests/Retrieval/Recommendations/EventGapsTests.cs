using CsCheck;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Retrieval.Recommendations;

namespace LargeRec.Retrieval.Tests.Recommendations;

/// <summary>The median of the times between events, against sorting them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class EventGapsTests
{
    // Small gaps, many of them equal, and gaps whose digits lie far apart.
    private static readonly Gen<long> Gap = Gen.OneOf(Gen.Long[0, 3], Gen.Long[4090, 4100], Gen.Long[0, 1L << 33], Gen.Long[0, 1L << 45]);

    [Test]
    public void The_median_is_that_of_the_sorted_gaps() => Gap.Array[0, 12].Array[1, 8].Sample(users =>
    {
        var sorted = users.SelectMany(gaps => gaps).Order().ToArray();
        Assert.That(EventGaps.Median(Sequences(users)), Is.EqualTo(sorted.Length == 0 ? 0 : sorted[sorted.Length / 2]));
    });

    [TestCase(1000, "1 second")]
    [TestCase(3_600_000, "1 hour")]
    [TestCase(90_000, "1.5 minutes")]
    [TestCase(172_800_000, "2 days")]
    [TestCase(0, "0 seconds")]
    public void A_gap_is_told_in_its_largest_unit(long milliseconds, string text) => Assert.That(EventGaps.ToText(milliseconds), Is.EqualTo(text));

    /// <summary>Users whose events have these gaps between them.</summary>
    private static InteractionSequences Sequences(long[][] users)
    {
        var log = new EventLogBuilder("test", EventColumns.Times);
        var (ids, item) = (new Vocabulary(), new Vocabulary());
        item.GetOrAdd("item");
        for (var user = 0; user < users.Length; user++)
        {
            ids.GetOrAdd($"user {user}");
            var time = 0L;
            log.Add(user, 1, time);
            foreach (var gap in users[user])
            {
                time += gap;
                log.Add(user, 1, time);
            }
        }

        return InteractionSequences.From(log.Build(ids, ItemVocabulary.Dense(item)));
    }
}
