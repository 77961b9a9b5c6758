namespace LargeRec.Data.Events;

/// <summary>One growing array of values: a column of a log while it is read.</summary>
internal sealed class GrowableColumn<T>(int capacity = 0) where T : unmanaged
{
    private T[] values = capacity == 0 ? [] : new T[capacity];

    public int Count { get; private set; }

    public Span<T> Span => values.AsSpan(0, Count);

    public ReadOnlyMemory<T> Memory => values.AsMemory(0, Count);

    public void Add(T value)
    {
        if (Count == values.Length)
        {
            Grow(1);
        }

        values[Count++] = value;
    }

    public void AddRange(ReadOnlySpan<T> range)
    {
        if (range.Length > values.Length - Count)
        {
            Grow(range.Length);
        }

        range.CopyTo(values.AsSpan(Count));
        Count += range.Length;
    }

    public void Clear() => Count = 0;

    public void RemoveLast() => Count--;

    private void Grow(int more)
    {
        var wanted = Math.Max(Math.Max(16L, 2L * values.Length), (long)Count + more);
        Array.Resize(ref values, checked((int)Math.Min(wanted, Math.Max(Array.MaxLength, (long)Count + more))));
    }
}
