using CsCheck;
using LargeRec.Data.Preparation;

namespace LargeRec.Data.Tests.Preparation;

public sealed class InteractionSequencesTests
{
    private static readonly Gen<(int User, int Item, long Time)[]> Events = Gen.Select(Gen.Int[0, 6], Gen.Int[1, 9], Gen.Long[-3, 12]).Array[0, 80];

    [TestCase(true)]
    [TestCase(false)]
    public void Sorts_each_user_by_time_and_keeps_the_order_of_the_file_for_ties(bool times)
        => Events.Sample(events =>
        {
            var sequences = InteractionSequences.From(Logs.Of(events, times));
            for (var user = 0; user < sequences.UserCount; user++)
            {
                var own = Enumerable.Range(0, events.Length).Where(i => events[i].User == user);
                int[] expected = [.. times ? own.OrderBy(i => events[i].Time) : own];
                var range = sequences.Offsets[user]..sequences.Offsets[user + 1];
                Assert.That(sequences.Ratings[range].ToArray(), Is.EqualTo(expected.Select(i => (float)i)));
                Assert.That(sequences.Items[range].ToArray(), Is.EqualTo(expected.Select(i => events[i].Item)));
                Assert.That(sequences.HasTimes ? sequences.Times[range].ToArray() : [], Is.EqualTo(times ? expected.Select(i => events[i].Time) : []));
            }
        });

    [Test]
    public void Says_how_many_users_end_in_a_tie()
    {
        var sequences = InteractionSequences.From(Logs.Of([(0, 1, 5), (0, 2, 5), (1, 1, 1), (1, 2, 2), (2, 1, 1)]));
        Assert.That(sequences.Notes[^1], Is.EqualTo("order: by time, ties in file order; 1 of 3 users have their last two events at the same time"));
    }

    [Test]
    public void Statistics_agree_with_counting_by_hand()
    {
        var statistics = SequenceStatistics.Of(InteractionSequences.From(Logs.Of([(0, 1, 5), (0, 2, 5), (0, 2, 7), (2, 4, -1)])));
        Assert.That(statistics, Is.EqualTo(new SequenceStatistics
        {
            Users = 2,
            Items = 3,
            Candidates = 4,
            Events = 4,
            MinLength = 1,
            MedianLength = 2,
            MeanLength = 2,
            MaxLength = 3,
            LengthQuantiles = new LengthQuantiles(1, 1, 3, 3, 3),
            Density = 4.0 / 6,
            RepeatedEvents = 1,
            ConsecutiveRepeats = 1,
            ItemEntropy = 1.5,
            ItemGini = (2.0 * 2 - 2 * 1) / 3 / 4,
            TopTenthShare = 0.5,
            TiedEvents = 1,
            UsersTiedAtEnd = 0,
            FirstTime = -1,
            LastTime = 7,
        }));
    }

    [Test]
    public void An_empty_log_has_statistics_of_zero()
        => Assert.That(SequenceStatistics.Of(InteractionSequences.From(Logs.Of([]))).Events, Is.Zero);
}
