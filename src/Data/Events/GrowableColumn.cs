namespace LargeRec.Data.Events;

/// <summary>One growing array of values: a column of a log while it is read.</summary>
internal sealed class GrowableColumn<T>(int capacity = 0) where T : unmanaged
{
    private T[] _values = capacity == 0 ? [] : new T[capacity];

    public int Count { get; private set; }

    public Span<T> Span => _values.AsSpan(0, Count);

    public ReadOnlyMemory<T> Memory => _values.AsMemory(0, Count);

    public void Add(T value)
    {
        if (Count == _values.Length)
        {
            Grow(1);
        }

        _values[Count++] = value;
    }

    public void AddRange(ReadOnlySpan<T> range)
    {
        if (range.Length > _values.Length - Count)
        {
            Grow(range.Length);
        }

        range.CopyTo(_values.AsSpan(Count));
        Count += range.Length;
    }

    public void Reserve(int more)
    {
        if (more > _values.Length - Count)
        {
            Array.Resize(ref _values, checked(Count + more));
        }
    }

    public void Clear() => Count = 0;

    public void RemoveLast() => Count--;

    private void Grow(int more)
    {
        var wanted = Math.Max(Math.Max(16L, 2L * _values.Length), (long)Count + more);
        Array.Resize(ref _values, checked((int)Math.Min(wanted, Math.Max(Array.MaxLength, (long)Count + more))));
    }
}
