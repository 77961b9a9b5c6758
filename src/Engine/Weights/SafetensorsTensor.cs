using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Weights;

/// <summary>A tensor to be written: name, type, shape, and where its bytes come from, chunk by chunk, when it is written.</summary>
public sealed class SafetensorsTensor
{
    private const int ChunkElements = 1 << 18;

    private readonly Action<Stream> _write;

    private SafetensorsTensor(string name, SafetensorsType type, ImmutableArray<long> shape, long count, Action<Stream> write)
    {
        Name = name;
        Type = type;
        Shape = shape;
        ByteCount = count * type.Size();
        _write = write;
    }

    /// <summary>The name under which it is written.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public SafetensorsType Type { get; }

    /// <summary>The lengths, row-major; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Bytes it takes in the file.</summary>
    public long ByteCount { get; }

    /// <summary>F32 from memory.</summary>
    /// <exception cref="ArgumentException">The shape does not hold that many elements.</exception>
    public static SafetensorsTensor FromSingles(string name, ReadOnlySpan<long> shape, ReadOnlyMemory<float> values)
    {
        var count = CheckCount(name, shape, values.Length);
        return new(name, SafetensorsType.F32, [.. shape], count, stream => WriteSingles(stream, values.Span));
    }

    /// <summary>F32 handed over chunk by chunk, e.g. from a device.</summary>
    public static SafetensorsTensor FromSingles(string name, ReadOnlySpan<long> shape, SafetensorsChunkReader read)
    {
        var count = CountOf(name, shape);
        return new(name, SafetensorsType.F32, [.. shape], count, stream => WriteChunks(stream, count, read));
    }

    /// <summary>F32 from a tensor, which is read chunk by chunk when it is written: a large table is not held twice.</summary>
    public static SafetensorsTensor FromTensor(string name, Tensor tensor) =>
        FromTensor(name, tensor, [.. tensor.Shape.ToDimensions().Select(d => (long)d)]);

    /// <summary>The same under a shape of its own, of as many elements.</summary>
    public static SafetensorsTensor FromTensor(string name, Tensor tensor, ReadOnlySpan<long> shape) => FromSingles(
        name,
        shape,
        (first, chunk) => tensor.Device.Download(tensor.SliceValues(first, chunk.Length), chunk));

    /// <summary>I64 from memory.</summary>
    /// <exception cref="ArgumentException">The shape does not hold that many elements.</exception>
    public static SafetensorsTensor FromInt64s(string name, ReadOnlySpan<long> shape, ReadOnlyMemory<long> values)
    {
        var count = CheckCount(name, shape, values.Length);
        return new(name, SafetensorsType.I64, [.. shape], count, stream => WriteInt64s(stream, values.Span));
    }

    /// <summary>Any type from its little-endian bytes.</summary>
    /// <exception cref="ArgumentException">The shape does not take that many bytes.</exception>
    public static SafetensorsTensor FromBytes(string name, SafetensorsType type, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> bytes)
    {
        var count = CountOf(name, shape);
        if (count * type.Size() != bytes.Length)
        {
            throw new ArgumentException(
                $"'{name}': {type.Code()} {Print(shape)} takes {count * type.Size()} bytes, {bytes.Length} were given.");
        }

        return new(name, type, [.. shape], count, stream => stream.Write(bytes.Span));
    }

    internal void WriteTo(Stream stream) => _write(stream);

    private static void WriteSingles(Stream stream, ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            // By chunks of at most 2^30 bytes, which a span of bytes can count.
            for (var done = 0; done < values.Length;)
            {
                var chunk = values.Slice(done, Math.Min(1 << 28, values.Length - done));
                stream.Write(MemoryMarshal.AsBytes(chunk));
                done += chunk.Length;
            }

            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            stream.Write(bytes);
        }
    }

    private static void WriteInt64s(Stream stream, ReadOnlySpan<long> values)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            stream.Write(bytes);
        }
    }

    private static void WriteChunks(Stream stream, long count, SafetensorsChunkReader read)
    {
        var buffer = ArrayPool<float>.Shared.Rent(ChunkElements);
        try
        {
            for (var done = 0L; done < count;)
            {
                var chunk = buffer.AsSpan(0, (int)Math.Min(ChunkElements, count - done));
                read(done, chunk);
                WriteSingles(stream, chunk);
                done += chunk.Length;
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    private static long CheckCount(string name, ReadOnlySpan<long> shape, long given)
    {
        var count = CountOf(name, shape);
        return count == given
            ? count
            : throw new ArgumentException($"'{name}': shape {Print(shape)} holds {count} elements, {given} were given.");
    }

    private static long CountOf(string name, ReadOnlySpan<long> shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        var count = 1L;
        foreach (var length in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(shape));
            count = checked(count * length);
        }

        return count;
    }

    private static string Print(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
