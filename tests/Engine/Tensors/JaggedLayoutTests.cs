using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Tensors;

public sealed class JaggedLayoutTests
{
    [Test]
    public void Counts_tokens_sequences_and_the_longest()
    {
        var layout = new JaggedLayout([0, 3, 3, 8]);
        Assert.That((layout.Tokens, layout.Sequences, layout.LongestSequence, layout.HasTimes), Is.EqualTo((8, 3, 5, false)));
    }

    [Test]
    public void No_sequences_are_a_layout()
    {
        var layout = new JaggedLayout([0]);
        Assert.That((layout.Tokens, layout.Sequences, layout.LongestSequence), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void Rows_of_no_sequence_follow_the_last_one()
    {
        var layout = new JaggedLayout([0, 2, 3], [7, 8, 9], [8, 9, 9], trailingRows: 5);
        Assert.That((layout.Tokens, layout.TrailingRows, layout.Sequences, layout.LongestSequence), Is.EqualTo((8, 5, 2, 2)));
        Assert.That(layout.Offsets.ToArray(), Is.EqualTo(new[] { 0, 2, 3 }));
        Assert.That(layout.EventSeconds.AsSpan(0, 8).ToArray(), Is.EqualTo(new[] { 7, 8, 9, 0, 0, 0, 0, 0 }));

        // Filled anew, with another batch's times where the rows of none are now.
        layout.Assign([0, 8], [1, 2, 3, 4, 5, 6, 7, 8], [2, 3, 4, 5, 6, 7, 8, 9]);
        layout.Assign([0, 1], [5], [6], trailingRows: 2);
        Assert.That(layout.NextSeconds.AsSpan(0, 3).ToArray(), Is.EqualTo(new[] { 6, 0, 0 }));
        layout.Assign([0, 1]);
        Assert.That((layout.Tokens, layout.TrailingRows), Is.EqualTo((1, 0)));
        Assert.That(() => layout.Assign([0, 1], trailingRows: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Ties_in_time_are_in_order()
    {
        var layout = new JaggedLayout([0, 2, 3], [5, 5, 1], [5, 5, 1]);
        Assert.That(layout.HasTimes);
    }

    [Test]
    public void Later_changes_of_the_arrays_do_not_reach_it()
    {
        int[] offsets = [0, 2];
        var layout = new JaggedLayout(offsets);
        offsets[1] = 7;
        Assert.That(layout.Offsets.ToArray(), Is.EqualTo(new[] { 0, 2 }));
    }

    [Test]
    public void Offsets_must_start_with_zero([Values(0, 1)] int kind)
    {
        int[] offsets = kind == 0 ? [] : [1, 2];
        Assert.That(() => new JaggedLayout(offsets), Throws.ArgumentException.With.Message.Contains("offsets start with 0"));
    }

    [Test]
    public void Offsets_must_not_decrease() =>
        Assert.That(() => new JaggedLayout([0, 5, 3]), Throws.ArgumentException.With.Message.Contains("from 5 to 3 at sequence 1"));

    [Test]
    public void There_are_as_many_times_as_tokens()
    {
        Assert.That(() => new JaggedLayout([0, 2], [1, 2], []), Throws.ArgumentException.With.Message.Contains("2 tokens")
            .And.Message.Contains("2 events' and 0 next"));
        Assert.That(() => new JaggedLayout([0, 2], [1], [1, 2]), Throws.ArgumentException.With.Message.Contains("1 events' and 2 next"));
    }

    [TestCase(new[] { 5, 4, 0 }, new[] { 5, 6, 9 }, TestName = "An event before the one before it")]
    [TestCase(new[] { 5, 6, 3 }, new[] { 6, 5, 9 }, TestName = "A next event before its own")]
    public void Times_must_not_decrease_within_a_sequence(int[] events, int[] nexts) =>
        Assert.That(() => new JaggedLayout([0, 2, 3], events, nexts), Throws.ArgumentException.With.Message.Contains("sequence 0")
            .And.Message.Contains("sort the events by time"));

    [Test]
    public void Times_may_decrease_from_one_sequence_to_the_next() => Assert.That(() => new JaggedLayout([0, 1, 2], [100, 0], [100, 0]), Throws.Nothing);

    [Test]
    public void Next_times_may_fall_since_along_a_row_of_attention_only_event_times_change() =>
        Assert.That(() => new JaggedLayout([0, 3], [0, 1, 2], [50, 2, 3]), Throws.Nothing);
}
