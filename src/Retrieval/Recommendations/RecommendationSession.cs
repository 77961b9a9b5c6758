using LargeRec.Data.Events;
using LargeRec.Engine.Operations;
using LargeRec.Models.Backbones;

namespace LargeRec.Retrieval.Recommendations;

/// <summary>
/// A history that is followed: each event is added as it happens, and a list costs what the events since the last one cost, not the whole window; once the
/// window is full, the whole of it at every (slack + 1)-th event. Made by <see cref="Recommender.Follow(History)"/>; for the recommender's thread; dispose of
/// it before the recommender's device.
/// </summary>
public sealed class RecommendationSession : IDisposable
{
    private readonly Recommender _recommender;
    private readonly SequenceCache _cache;
    private readonly string? _userId;
    private readonly List<int> _items = [];
    private long _firstTime;
    private long _lastTime;

    internal RecommendationSession(Recommender recommender, SequenceCache cache, string? userId, IReadOnlyList<int> items, IReadOnlyList<long> times)
    {
        (_recommender, _cache, _userId) = (recommender, cache, userId);
        for (var i = 0; i < items.Count; i++)
        {
            Add(items[i], times.Count > 0 ? times[i] : null);
        }
    }

    /// <summary>Events so far, those that the model's window has left behind included.</summary>
    public int EventCount => _items.Count;

    /// <summary>Adds what happened.</summary>
    /// <param name="itemId">The id as the data have it.</param>
    /// <param name="time">Milliseconds since 1970-01-01 UTC, not before the last event; null where the data have no times.</param>
    /// <exception cref="RecommendationException">The item is unknown, or the time does not fit.</exception>
    public void Add(string itemId, long? time = null) => Add(_recommender.FindItem(itemId), time);

    /// <summary>What comes next.</summary>
    /// <param name="options">What is asked for; null for ten items.</param>
    /// <exception cref="RecommendationException">There is no event yet, or the time of the request is before the last event.</exception>
    public UserRecommendations Recommend(RecommendationOptions? options = null)
    {
        options ??= new RecommendationOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Count, 1);
        if (_items.Count == 0)
        {
            throw new RecommendationException("the history is empty; give at least one item");
        }

        var at = _recommender.Sequences.HasTimes ? options.At ?? _lastTime + _recommender.MedianGap : (long?)null;
        if (at < _lastTime)
        {
            throw new RecommendationException(
                $"the time of the request, {EventTime.ToText(at.Value)}, is before the last event at {EventTime.ToText(_lastTime)}; take a later one");
        }

        int[] filtered = options.IncludeHistory ? [] : [.. _items];
        var list = _recommender.Rank(_cache, at is { } time ? SecondsOf(time) : 0, new ItemFilter((int[])[0, filtered.Length], filtered), options.Count);
        return new UserRecommendations(_userId, at, list);
    }

    public void Dispose() => _cache.Dispose();

    private void Add(int item, long? time)
    {
        var hasTimes = _recommender.Sequences.HasTimes;
        if (hasTimes != time.HasValue)
        {
            throw new RecommendationException(hasTimes ? "the event has no time, but the model was trained with times"
                : "the event has a time, but the model was trained without");
        }

        if (_items.Count == 0)
        {
            _firstTime = time ?? 0;
        }
        else if (time < _lastTime)
        {
            throw new RecommendationException($"an event at {EventTime.ToText(time.Value)} comes after one at {EventTime.ToText(_lastTime)}; add events in "
                + "the order of their times");
        }

        _cache.Append(item, time is { } at ? SecondsOf(at) : 0);
        _items.Add(item);
        _lastTime = time ?? 0;
    }

    /// <summary>Whole seconds since the first event, by the clock of whole seconds, as a batch counts them.</summary>
    private int SecondsOf(long time)
    {
        var seconds = EventTime.SecondsBetween(_firstTime, time);
        return seconds <= int.MaxValue
            ? (int)seconds
            : throw new RecommendationException($"{EventTime.ToText(time)} is more than 68 years after the first event; take an earlier one");
    }
}
