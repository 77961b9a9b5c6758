using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Weights;

/// <summary>
/// A safetensors file opened for reading: the header is read and checked at once, tensors are copied out one by one (never aliased, never
/// mapped), into the caller's memory, so that a large file is not held twice. Not safe to share between threads.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int ChunkBytes = 1 << 16;
    private const int ChunkFloats = 1 << 18;
    private const int MaximumFloats = 1 << 28;

    private readonly Stream _stream;
    private readonly long _dataStart;
    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsFile(Stream stream, string origin, long dataStart,
        ImmutableArray<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        _stream = stream;
        _dataStart = dataStart;
        _byName = entries.ToDictionary(e => e.Name, StringComparer.Ordinal);
        Origin = origin;
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>What errors call the file: its path.</summary>
    public string Origin { get; }

    /// <summary>The tensors, in the order of the header.</summary>
    public ImmutableArray<SafetensorsEntry> Entries { get; }

    /// <summary>The free text under <c>__metadata__</c>; empty where there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header against its size.</summary>
    /// <exception cref="WeightsFormatException">It is not a sound safetensors file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Open(stream, path);
    }

    /// <summary>Opens a seekable stream, which from now on belongs to the result.</summary>
    /// <exception cref="WeightsFormatException">It is not a sound safetensors file.</exception>
    public static SafetensorsFile Open(Stream stream, string origin)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            Span<byte> prefix = stackalloc byte[SafetensorsHeader.LengthBytes];
            var length = stream.Length;
            if (length < prefix.Length)
            {
                throw WeightsFormatException.At(
                    origin, $"{length} bytes are too few for a safetensors file, which begins with an 8-byte header length");
            }

            stream.Position = 0;
            stream.ReadExactly(prefix);
            var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (headerLength > SafetensorsHeader.MaximumLength || (long)headerLength > length - prefix.Length)
            {
                throw WeightsFormatException.At(
                    origin, $"the header claims {headerLength} bytes; the file has {length - prefix.Length} after its length, "
                    + $"and the format allows {SafetensorsHeader.MaximumLength}: not a safetensors file, or cut short");
            }

            var json = new byte[headerLength];
            stream.ReadExactly(json);
            var dataStart = prefix.Length + json.LongLength;
            var (entries, metadata) = SafetensorsHeader.Parse(json, length - dataStart, origin);
            return new SafetensorsFile(stream, origin, dataStart, entries, metadata);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The entry of a name, or null.</summary>
    public SafetensorsEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The entry of a name.</summary>
    /// <exception cref="WeightsFormatException">There is none.</exception>
    public SafetensorsEntry Get(string name) =>
        Find(name) ?? throw WeightsFormatException.At(Origin, $"there is no tensor '{name}' among its {Entries.Length}");

    /// <summary>Copies an entry's bytes as they lie in the file.</summary>
    public byte[] ReadBytes(SafetensorsEntry entry)
    {
        var bytes = new byte[entry.ByteCount];
        ReadAt(entry.ByteOffset, bytes);
        return bytes;
    }

    /// <summary>Copies and converts a whole F32, F64, F16 or BF16 entry.</summary>
    public float[] ReadSingles(SafetensorsEntry entry)
    {
        var values = new float[entry.ElementCount];
        ReadSingles(entry, 0, values);
        return values;
    }

    /// <summary>
    /// Copies and converts <paramref name="destination"/>.Length elements of an F32, F64, F16 or BF16 entry, from element
    /// <paramref name="first"/> on.
    /// </summary>
    /// <exception cref="WeightsFormatException">Another type, or a double that no float holds.</exception>
    /// <exception cref="ArgumentOutOfRangeException">More is asked for than there is.</exception>
    public void ReadSingles(SafetensorsEntry entry, long first, Span<float> destination)
    {
        if (!ElementConversion.IsFloat(entry.Type))
        {
            throw WeightsFormatException.At(Origin, $"'{entry.Name}' is {entry.Type.Code()}, not a type of floats (F32, F64, F16, BF16)");
        }

        CheckRange(entry, first, destination.Length);
        if (entry.Type == SafetensorsType.F32 && BitConverter.IsLittleEndian)
        {
            // A span of bytes can count no more than 2^31 of them.
            for (var done = 0; done < destination.Length;)
            {
                var part = destination.Slice(done, Math.Min(MaximumFloats, destination.Length - done));
                ReadAt(entry.ByteOffset + 4 * (first + done), MemoryMarshal.AsBytes(part));
                done += part.Length;
            }

            return;
        }

        ReadConverted(entry, first, destination, (bytes, chunk) =>
        {
            if (!ElementConversion.TryToSingles(entry.Type, bytes, chunk))
            {
                throw WeightsFormatException.At(Origin, $"'{entry.Name}' holds a double that is too large for a float");
            }
        });
    }

    /// <summary>Copies entries into tensors, after all shapes are checked and whatever must be converted is: a file that does not fit changes
    /// nothing.</summary>
    /// <param name="targets">Each entry and the tensor that takes it. F32 is copied chunk by chunk, so that a large table is not held twice.</param>
    /// <exception cref="WeightsFormatException">Another type, or a double that no float holds.</exception>
    /// <exception cref="ArgumentException">An entry has not as many values as its tensor.</exception>
    public void ReadInto(IReadOnlyList<(SafetensorsEntry Entry, Tensor Target)> targets)
    {
        var converted = new float[]?[targets.Count];
        for (var i = 0; i < targets.Count; i++)
        {
            var (entry, target) = targets[i];
            if (entry.ElementCount != target.Shape.Count)
            {
                throw new ArgumentException($"{Origin}: '{entry.Name}' {entry.ShapeText} does not fill a tensor of shape {target.Shape}");
            }

            converted[i] = entry.Type == SafetensorsType.F32 ? null : ReadSingles(entry);
        }

        var buffer = ArrayPool<float>.Shared.Rent(ChunkFloats);
        try
        {
            for (var i = 0; i < targets.Count; i++)
            {
                var (entry, target) = targets[i];
                if (converted[i] is { } values)
                {
                    target.Device.Upload(values, target);
                    continue;
                }

                for (long done = 0; done < entry.ElementCount; done += ChunkFloats)
                {
                    var chunk = buffer.AsSpan(0, (int)Math.Min(ChunkFloats, entry.ElementCount - done));
                    ReadSingles(entry, done, chunk);
                    target.Device.Upload(chunk, target.SliceValues(done, chunk.Length));
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>Copies and converts a whole I64, I32, U8 or BOOL entry.</summary>
    public long[] ReadInt64s(SafetensorsEntry entry)
    {
        var values = new long[entry.ElementCount];
        ReadInt64s(entry, 0, values);
        return values;
    }

    /// <summary>
    /// Copies and converts <paramref name="destination"/>.Length elements of an I64, I32, U8 or BOOL entry, from element
    /// <paramref name="first"/> on.
    /// </summary>
    /// <exception cref="WeightsFormatException">Another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">More is asked for than there is.</exception>
    public void ReadInt64s(SafetensorsEntry entry, long first, Span<long> destination)
    {
        if (ElementConversion.IsFloat(entry.Type))
        {
            throw WeightsFormatException.At(
                Origin, $"'{entry.Name}' is {entry.Type.Code()}, not a type of whole numbers (I64, I32, U8, BOOL)");
        }

        CheckRange(entry, first, destination.Length);
        ReadConverted(entry, first, destination, (bytes, chunk) => ElementConversion.ToInt64s(entry.Type, bytes, chunk));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private delegate void Convert<T>(ReadOnlySpan<byte> bytes, Span<T> destination);

    private void ReadConverted<T>(SafetensorsEntry entry, long first, Span<T> destination, Convert<T> convert)
    {
        var size = entry.Type.Size();
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (var done = 0; done < destination.Length;)
            {
                var chunk = destination.Slice(done, Math.Min(ChunkBytes / size, destination.Length - done));
                var bytes = buffer.AsSpan(0, chunk.Length * size);
                ReadAt(entry.ByteOffset + (first + done) * size, bytes);
                convert(bytes, chunk);
                done += chunk.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void ReadAt(long offset, Span<byte> bytes)
    {
        try
        {
            _stream.Position = _dataStart + offset;
            _stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException e)
        {
            throw WeightsFormatException.At(Origin, "the file became shorter while it was read", e);
        }
    }

    private static void CheckRange(SafetensorsEntry entry, long first, int count)
    {
        if (first < 0 || first > entry.ElementCount - count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(first), $"'{entry.Name}' has {entry.ElementCount} elements; {count} from {first} on were asked for.");
        }
    }
}
