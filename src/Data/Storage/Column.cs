using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LargeRec.Data.Events;

namespace LargeRec.Data.Storage;

/// <summary>A column of values that never change: an array of ours, or a piece of a mapped file.</summary>
internal readonly struct Column<T> where T : unmanaged
{
    private readonly T[]? _values;
    private readonly MappedFile? _file;
    private readonly long _offset;

    public Column(T[] values)
        : this(values, values.Length)
    {
    }

    public Column(T[] values, int count) => (_values, Count) = (values, count);

    public Column(MappedFile file, long offset, int count) => (_file, _offset, Count) = (file, offset, count);

    public static Column<T> Empty => new([]);

    public int Count { get; }

    /// <summary>The values; of a mapped file, until that is disposed of.</summary>
    public ReadOnlySpan<T> Span => _file is null ? new ReadOnlySpan<T>(_values, 0, Count) : _file.Values<T>(_offset, Count);

    /// <summary>The values of a column that will not grow any more, without copying them.</summary>
    public static Column<T> Of(GrowableColumn<T> grown)
        => MemoryMarshal.TryGetArray(grown.Memory, out var segment) && segment.Offset == 0 ? new(segment.Array!, segment.Count) : new([.. grown.Span]);

    /// <summary>Bytes of all values.</summary>
    public long ByteCount => (long)Count * Unsafe.SizeOf<T>();
}
