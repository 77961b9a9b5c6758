using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LargeRec.Engine.Weights;

/// <summary>
/// Writes safetensors files whose bytes depend on nothing but what is given: the header keeps the given order, metadata is sorted by key,
/// the header is padded with spaces to 8 bytes. Data lies by element size, largest first and else as given, so that every tensor is
/// aligned, which readers that map the file rely on.
/// </summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes a file over what is there and flushes it to disk. Not atomic: write under a temporary name and rename.</summary>
    /// <exception cref="ArgumentException">A name is used twice or reserved.</exception>
    public static void Write(string path, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        Write(stream, tensors, metadata);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Writes to a stream, which stays open.</summary>
    /// <exception cref="ArgumentException">A name is used twice or reserved.</exception>
    public static void Write(Stream stream, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        var layout = tensors.OrderByDescending(t => t.Type.Size()).ToArray();
        var offsets = new Dictionary<string, long>(StringComparer.Ordinal);
        var end = 0L;
        foreach (var tensor in layout)
        {
            if (tensor.Name == SafetensorsHeader.MetadataName || !offsets.TryAdd(tensor.Name, end))
            {
                throw new ArgumentException($"The tensor name '{tensor.Name}' is used twice or reserved.", nameof(tensors));
            }

            end = checked(end + tensor.ByteCount);
        }

        var header = Header(tensors, offsets, metadata);
        Span<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in layout)
        {
            tensor.WriteTo(stream);
        }
    }

    private static ReadOnlySpan<byte> Header(
        IReadOnlyList<SafetensorsTensor> tensors, Dictionary<string, long> offsets, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsHeader.MetadataName);
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            foreach (var tensor in tensors)
            {
                WriteEntry(json, tensor, offsets[tensor.Name]);
            }

            json.WriteEndObject();
        }

        var padding = (Alignment - buffer.WrittenCount % Alignment) % Alignment;
        buffer.GetSpan(Alignment)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan;
    }

    private static void WriteEntry(Utf8JsonWriter json, SafetensorsTensor tensor, long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.Code());
        json.WriteStartArray("shape");
        foreach (var length in tensor.Shape)
        {
            json.WriteNumberValue(length);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + tensor.ByteCount);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
