using CsCheck;
using LargeRec.Data.Batching;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;

namespace LargeRec.Data.Tests.Batching;

public sealed class JaggedBatchTests
{
    [Test]
    public void Rows_labels_and_times_are_those_of_a_naive_walk()
        => Gen.Select(Gen.Select(Gen.Int[0, 6], Gen.Int[1, 9], Gen.Long[-5000, 9000]).Array[1, 80], Gen.Int[1, 6], Gen.Bool)
            .Sample((events, maxLength, times) =>
        {
            var sequences = InteractionSequences.From(Logs.Of(events, times));
            var split = DataSplit.Of(sequences, SplitKind.Published, maxLength);
            var batch = new JaggedBatch();
            batch.Fill(sequences, split.Training.Span);
            batch.Fill(sequences, split.Test.Span);

            Assert.That(batch.SequenceCount, Is.EqualTo(split.Test.Length));
            Assert.That(batch.Offsets[0], Is.Zero);
            Assert.That(batch.Offsets[^1], Is.EqualTo(batch.TokenCount));
            for (var b = 0; b < batch.SequenceCount; b++)
            {
                // What the log says of this user, sorted and cut the plain way.
                var user = batch.UserIndices[b];
                (int User, int Item, long Time)[] own = [.. events.Where(e => e.Item1 == user)];
                own = times ? [.. own.OrderBy(e => e.Time)] : own;
                own = [.. own.TakeLast(maxLength + 1)];
                var rows = batch.Offsets[b]..batch.Offsets[b + 1];

                Assert.That(batch.Items[rows].ToArray(), Is.EqualTo(own.SkipLast(1).Select(e => e.Item)));
                Assert.That(batch.Labels[rows].ToArray(), Is.EqualTo(own.Skip(1).Select(e => e.Item)));
                Assert.That(batch.Targets[b], Is.EqualTo(own[^1].Item));
                var seconds = own.Select(e => (int)(Math.Floor(e.Time / 1000.0) - Math.Floor(own[0].Time / 1000.0))).ToArray();
                Assert.That(times ? batch.EventSeconds[rows].ToArray() : [], Is.EqualTo(times ? seconds.SkipLast(1) : []));
                Assert.That(times ? batch.NextSeconds[rows].ToArray() : [], Is.EqualTo(times ? seconds.Skip(1) : []));
            }

            Assert.That(batch.EventSeconds.Length, Is.EqualTo(times ? batch.TokenCount : 0));
            Assert.That(batch.Ratings.Length, Is.EqualTo(batch.TokenCount));
            Assert.That(batch.Behaviours.Length, Is.Zero);
        });

    [Test]
    public void A_span_beyond_32_bits_of_seconds_names_the_user()
    {
        var sequences = InteractionSequences.From(Logs.Of([(0, 1, 0), (0, 2, (int.MaxValue + 1L) * 1000)]));
        var batch = new JaggedBatch();
        Assert.That(
            () => batch.Add(sequences, new Example(0, 0, 1)),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains("user 'id 0' span more than 2147483647 seconds"));
    }

    [Test]
    public void A_request_has_the_time_it_is_made_at_and_no_target()
    {
        var batch = new JaggedBatch();
        batch.Add(7, [3, 4], [1000, 61_999], targetTime: 100_000);
        Assert.That(batch.EventSeconds.ToArray(), Is.EqualTo(new[] { 0, 60 }));
        Assert.That(batch.NextSeconds.ToArray(), Is.EqualTo(new[] { 60, 99 }));
        Assert.That(batch.Labels.ToArray(), Is.EqualTo(new[] { 4, 0 }));
        Assert.That(batch.Targets.ToArray(), Is.EqualTo(new[] { 0 }));
    }

    [Test]
    public void What_does_not_fit_is_refused_and_leaves_the_batch_as_it_was()
    {
        var batch = new JaggedBatch();
        batch.Add(0, [1], [5], targetTime: 6);
        Assert.That(() => batch.Add(0, [], []), Throws.ArgumentException);
        Assert.That(() => batch.Add(0, [1, 2], [5]), Throws.ArgumentException);
        Assert.That(() => batch.Add(0, [1, 2], [5, 4], targetTime: 6), Throws.ArgumentException);
        Assert.That(() => batch.Add(0, [1], [5], targetTime: 4), Throws.ArgumentException);
        Assert.That(() => batch.Add(0, [1], [], 0), Throws.ArgumentException.With.Message.Contains("one without"));
        Assert.That((batch.SequenceCount, batch.TokenCount), Is.EqualTo((1, 1)));
    }
}
