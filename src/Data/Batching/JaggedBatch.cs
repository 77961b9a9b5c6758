using LargeRec.Data.Events;
using LargeRec.Data.Preparation;

namespace LargeRec.Data.Batching;

/// <summary>
/// Sequences of different lengths side by side, without padding: sequence b owns the rows Offsets[b] .. Offsets[b + 1] - 1 of the columns over
/// tokens. B sequences, T tokens. The buffers are reused: spans are valid until the batch is cleared or filled again.
/// </summary>
public sealed class JaggedBatch
{

    private readonly GrowableColumn<int> _userIndices = new();
    private readonly GrowableColumn<int> _offsets = new();
    private readonly GrowableColumn<int> _items = new();
    private readonly GrowableColumn<int> _eventSeconds = new();
    private readonly GrowableColumn<int> _nextSeconds = new();
    private readonly GrowableColumn<int> _labels = new();
    private readonly GrowableColumn<int> _targets = new();
    private readonly GrowableColumn<float> _ratings = new();
    private readonly GrowableColumn<byte> _behaviours = new();

    public JaggedBatch() => Clear();

    /// <summary>B.</summary>
    public int SequenceCount => _userIndices.Count;

    /// <summary>T.</summary>
    public int TokenCount => _items.Count;

    /// <summary>[B].</summary>
    public ReadOnlySpan<int> UserIndices => _userIndices.Span;

    /// <summary>[B + 1], from 0 to T.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.Span;

    /// <summary>[T] item indices, oldest first within a sequence.</summary>
    public ReadOnlySpan<int> Items => _items.Span;

    /// <summary>[T] whole seconds of each event since the sequence's first event here; empty without times.</summary>
    public ReadOnlySpan<int> EventSeconds => _eventSeconds.Span;

    /// <summary>[T] the same clock at the event after each row (the target's at the last): the query side of HSTU's time bias; empty without times.</summary>
    public ReadOnlySpan<int> NextSeconds => _nextSeconds.Span;

    /// <summary>[T] the item after each row; at a sequence's last row its target, or 0 where it has none.</summary>
    public ReadOnlySpan<int> Labels => _labels.Span;

    /// <summary>[B] the item to be predicted, or 0 where there is none.</summary>
    public ReadOnlySpan<int> Targets => _targets.Span;

    /// <summary>[T], or empty.</summary>
    public ReadOnlySpan<float> Ratings => _ratings.Span;

    /// <summary>[T] behaviour codes, or empty.</summary>
    public ReadOnlySpan<byte> Behaviours => _behaviours.Span;

    /// <summary>Takes away all sequences and keeps the buffers.</summary>
    public void Clear()
    {
        _userIndices.Clear();
        _offsets.Clear();
        _offsets.Add(0);
        _items.Clear();
        _eventSeconds.Clear();
        _nextSeconds.Clear();
        _labels.Clear();
        _targets.Clear();
        _ratings.Clear();
        _behaviours.Clear();
    }

    /// <summary>Replaces the contents by these examples, in this order.</summary>
    public void Fill(InteractionSequences sequences, ReadOnlySpan<Example> examples)
    {
        Clear();
        foreach (var example in examples)
        {
            Add(sequences, example);
        }
    }

    /// <summary>Appends one example.</summary>
    /// <exception cref="DataFormatException">The example spans more seconds than 32 bits hold.</exception>
    public void Add(InteractionSequences sequences, Example example)
    {
        var history = example.Start..(example.Start + example.Length);
        if (sequences.HasTimes && EventTime.SecondsBetween(sequences.Times[example.Start], sequences.Times[example.Target]) > int.MaxValue)
        {
            throw new DataFormatException(
                sequences.Name,
                0,
                $"the events of user '{sequences.UserIds.GetText(example.User)}' span more than {int.MaxValue} seconds (68 years)",
                "mend their times or state the time unit");
        }

        Add(
            example.User,
            sequences.Items[history],
            sequences.HasTimes ? sequences.Times[history] : [],
            sequences.Items[example.Target],
            sequences.HasTimes ? sequences.Times[example.Target] : 0);
        if (sequences.HasRatings)
        {
            _ratings.AddRange(sequences.Ratings[history]);
        }

        if (sequences.HasBehaviours)
        {
            _behaviours.AddRange(sequences.Behaviours[history]);
        }
    }

    /// <summary>Appends an example of which only some events stay.</summary>
    /// <param name="positions">Of these events in the columns of the sequences, ascending, at least one, within the example's history.</param>
    internal void Add(InteractionSequences sequences, Example example, ReadOnlySpan<int> positions)
    {
        var (items, times) = (new int[positions.Length], new long[sequences.HasTimes ? positions.Length : 0]);
        for (var i = 0; i < positions.Length; i++)
        {
            items[i] = sequences.Items[positions[i]];
            if (sequences.HasTimes)
            {
                times[i] = sequences.Times[positions[i]];
            }

            if (sequences.HasRatings)
            {
                _ratings.Add(sequences.Ratings[positions[i]]);
            }

            if (sequences.HasBehaviours)
            {
                _behaviours.Add(sequences.Behaviours[positions[i]]);
            }
        }

        Add(example.User, items, times, sequences.Items[example.Target], sequences.HasTimes ? sequences.Times[example.Target] : 0);
    }

    /// <summary>Appends a history from anywhere, such as a request to recommend for. All of a batch's sequences have times or none has.</summary>
    /// <param name="user">User index, or any number that the caller tells sequences apart by.</param>
    /// <param name="history">At least one item, oldest first.</param>
    /// <param name="times">Milliseconds since 1970-01-01 UTC, as many as items and never decreasing; or none.</param>
    /// <param name="target">The item to be predicted, or 0.</param>
    /// <param name="targetTime">Its time (or the time of the request), not before the last event; ignored without times.</param>
    public void Add(int user, ReadOnlySpan<int> history, ReadOnlySpan<long> times, int target = 0, long targetTime = 0)
    {
        if (history.IsEmpty || (!times.IsEmpty && times.Length != history.Length))
        {
            throw new ArgumentException($"a history of {history.Length} items with {times.Length} times; allowed are at least one item and as "
                + "many times or none");
        }

        if (TokenCount > 0 && times.IsEmpty != EventSeconds.IsEmpty)
        {
            throw new ArgumentException("a sequence with times and one without cannot go into one batch");
        }

        if (!times.IsEmpty)
        {
            RequireOrder(times, targetTime);
        }

        _userIndices.Add(user);
        _items.AddRange(history);
        _offsets.Add(_items.Count);
        _labels.AddRange(history[1..]);
        _labels.Add(target);
        _targets.Add(target);
        if (times.IsEmpty)
        {
            return;
        }

        var origin = times[0];
        for (var i = 0; i < times.Length; i++)
        {
            var next = i + 1 < times.Length ? times[i + 1] : targetTime;
            _eventSeconds.Add((int)EventTime.SecondsBetween(origin, times[i]));
            _nextSeconds.Add((int)EventTime.SecondsBetween(origin, next));
        }
    }

    private static void RequireOrder(ReadOnlySpan<long> times, long targetTime)
    {
        for (var i = 0; i < times.Length; i++)
        {
            var next = i + 1 < times.Length ? times[i + 1] : targetTime;
            if (next < times[i])
            {
                throw new ArgumentException($"time {next} comes after {times[i]} in a history; times must never decrease");
            }
        }

        if (EventTime.SecondsBetween(times[0], targetTime) > int.MaxValue)
        {
            throw new ArgumentException($"a history from {times[0]} to {targetTime} ms spans more than {int.MaxValue} seconds");
        }
    }
}
