using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Backbones;

/// <summary>
/// One user's events as an encoder remembers them between requests, so that another event costs a few rows rather than the whole window. The last event's
/// row waits for the time of what comes next, so a request computes it, and the one before it once more. Made by
/// <see cref="SequenceModel.NewCache"/>; for one thread at a time; dispose of it to give its memory back to the device.
/// </summary>
public abstract class SequenceCache : IDisposable
{
    private readonly int[] _items;
    private readonly int[] _seconds;
    private readonly int _slack;
    private readonly bool _hasTimes;

    /// <param name="capacity">L.</param>
    /// <param name="slack">S: events that leave the full window at once besides the oldest.</param>
    /// <param name="hasTimes">Whether events have times.</param>
    private protected SequenceCache(int capacity, int slack, bool hasTimes)
    {
        if (slack < 0 || slack >= capacity)
        {
            throw new ArgumentOutOfRangeException(nameof(slack),
                $"the window's slack is {slack}; it must be at least 0 and below the {capacity} events of the window");
        }

        (_items, _seconds, _slack, _hasTimes) = (new int[capacity], new int[capacity], slack, hasTimes);
    }

    /// <summary>Events in the window.</summary>
    public int Count { get; private set; }

    /// <summary>Rows whose keys and values are kept: those that no later time changes.</summary>
    public int KnownRows { get; private protected set; }

    /// <summary>[n].</summary>
    private protected ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    /// <summary>[n], or empty without times.</summary>
    private protected ReadOnlySpan<int> Seconds => _hasTimes ? _seconds.AsSpan(0, Count) : [];

    /// <summary>
    /// Adds an event. A full window loses its S + 1 oldest events first: positions count from the oldest, so every row is computed anew at the next
    /// request. With S = 0 the window is always the latest L events, as elsewhere, and a full one gains nothing; with more it is a stated different window,
    /// between L − S and L events, computed anew every S + 1 events.
    /// </summary>
    /// <param name="item">A row of the item table.</param>
    /// <param name="seconds">When, in seconds from any one origin; not before the event before. Without meaning where the model takes no times.</param>
    /// <exception cref="ArgumentException">The event is before the last.</exception>
    public void Append(int item, int seconds)
    {
        if (_hasTimes && Count > 0 && seconds < _seconds[Count - 1])
        {
            throw new ArgumentException($"sequence cache: an event at {seconds} s comes after one at {_seconds[Count - 1]} s; add events in the order "
                + "of their times");
        }

        if (Count == _items.Length)
        {
            var leaving = _slack + 1;
            _items.AsSpan(leaving).CopyTo(_items);
            _seconds.AsSpan(leaving).CopyTo(_seconds);
            Count -= leaving;
            KnownRows = 0;
        }

        (_items[Count], _seconds[Count]) = (item, seconds);
        Count++;
    }

    /// <summary>The query for what comes next: what <see cref="SequenceModel.Encode"/> gives for the window's last event, to rounding.</summary>
    /// <param name="nextSeconds">When it is asked for, on the events' clock; not before the last event.</param>
    /// <returns>[1, D], of the device's open step.</returns>
    /// <exception cref="InvalidOperationException">There is no event.</exception>
    /// <exception cref="ArgumentException">The time is before the last event.</exception>
    /// <exception cref="NotSupportedException">The device does not continue sequences.</exception>
    public Tensor Query(int nextSeconds)
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("sequence cache: there is no event yet; add one before asking what comes next");
        }

        if (_hasTimes && nextSeconds < _seconds[Count - 1])
        {
            throw new ArgumentException($"sequence cache: asked for {nextSeconds} s, but the last event is at {_seconds[Count - 1]} s; take a later time");
        }

        Span<int> next = _hasTimes ? new int[Count - KnownRows] : [];
        if (_hasTimes)
        {
            _seconds.AsSpan(KnownRows + 1, next.Length - 1).CopyTo(next);
            next[^1] = nextSeconds;
        }

        var query = Encode(next);
        KnownRows = Count - 1;
        return query;
    }

    public abstract void Dispose();

    /// <summary>Computes the rows from <see cref="KnownRows"/> on and keeps their keys and values.</summary>
    /// <param name="nextSeconds">A value for each of them, or empty without times.</param>
    /// <returns>[1, D], the last row.</returns>
    private protected abstract Tensor Encode(ReadOnlySpan<int> nextSeconds);
}
