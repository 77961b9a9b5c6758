using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LargeRec.Data.Storage;

namespace LargeRec.Retrieval.Runs;

/// <summary>
/// The format of metrics.jsonl and timing.jsonl: one object a line, <c>step</c>, <c>epoch</c>, <c>split</c>, then every metric by its name.
/// Numbers are the shortest text that reads back as the same double, so equal runs give equal files.
/// A last line without its line break was being written when the process ended, and counts as absent.
/// </summary>
public static class MetricsLog
{
    private static readonly string[] Fixed = ["step", "epoch", "split"];

    /// <summary>Appends a line and hands it to the operating system at once.</summary>
    /// <exception cref="RunFolderException">A metric is not finite, is named twice or takes the name of a fixed field.</exception>
    public static void Append(string path, MetricsRecord record)
    {
        var line = ToLine(path, record);
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.Write(line);
    }

    /// <summary>Reads every whole line.</summary>
    /// <exception cref="RunFolderException">The file is missing, or a line is not such an object.</exception>
    public static IReadOnlyList<MetricsRecord> Read(string path) => [.. WholeLines(path).Select((line, i) => Parse(path, i + 1, line))];

    /// <summary>
    /// Cuts back to what was written up to a step, for resuming at its checkpoint: later lines go, and a broken last one.
    /// A missing file stays missing.
    /// </summary>
    /// <exception cref="RunFolderException">A line is not such an object.</exception>
    public static void CutBack(string path, long step)
    {
        if (!File.Exists(path))
        {
            return;
        }

        var kept = WholeLines(path).Where((line, i) => Parse(path, i + 1, line).Step <= step).ToArray();
        AtomicFile.Write(path, stream =>
        {
            foreach (var line in kept)
            {
                stream.Write(line);
                stream.WriteByte((byte)'\n');
            }
        });
    }

    /// <summary>
    /// Cuts back to a length that the file once had, for resuming at the checkpoint that remembers it. A missing file counts as empty.
    /// </summary>
    /// <exception cref="RunFolderException">The file is shorter.</exception>
    public static void CutBackToLength(string path, long bytes)
    {
        var length = LengthOf(path);
        if (length < bytes)
        {
            throw new RunFolderException($"{path}: has {length} bytes, the checkpoint knows of {bytes}: it is cut short or was changed");
        }

        if (length > bytes)
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0);
            stream.SetLength(bytes);
            stream.Flush(flushToDisk: true);
        }
    }

    /// <summary>The file's length in bytes, which is 0 where it is missing; what it holds is on disk when this returns.</summary>
    public static long Flush(string path)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.Flush(flushToDisk: true);
        return stream.Length;
    }

    private static long LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static ReadOnlySpan<byte> ToLine(string path, MetricsRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("step", record.Step);
            json.WriteNumber("epoch", record.Epoch);
            json.WriteString("split", record.Split);
            var names = new HashSet<string>(Fixed, StringComparer.Ordinal);
            foreach (var (name, value) in record.Metrics)
            {
                if (!names.Add(name))
                {
                    throw new RunFolderException($"{path}: step {record.Step} names '{name}' twice");
                }

                if (!double.IsFinite(value))
                {
                    throw new RunFolderException(
                        $"{path}: {name} at step {record.Step} ({record.Split}) is {value}; only finite numbers are written");
                }

                json.WriteNumber(name, value);
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }

    private static List<byte[]> WholeLines(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RunFolderException($"{path}: the file is missing", e);
        }

        var lines = new List<byte[]>();
        for (var start = 0; ;)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
            {
                return lines;
            }

            lines.Add(bytes[start..(start + length)]);
            start += length + 1;
        }
    }

    private static MetricsRecord Parse(string path, int line, byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            var names = new HashSet<string>(StringComparer.Ordinal);
            if (!root.EnumerateObject().All(p => names.Add(p.Name) && (Fixed.Contains(p.Name) || double.IsFinite(p.Value.GetDouble()))))
            {
                throw new FormatException("a name is there twice, or a number is beyond all doubles");
            }

            var metrics = root.EnumerateObject().Where(p => !Fixed.Contains(p.Name))
                .Select(p => KeyValuePair.Create(p.Name, p.Value.GetDouble())).ToArray();
            return new MetricsRecord(
                root.GetProperty("step").GetInt64(), root.GetProperty("epoch").GetInt32(),
                root.GetProperty("split").GetString() ?? throw new FormatException("split is null"), metrics);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            var text = Encoding.UTF8.GetString(bytes, 0, Math.Min(bytes.Length, 80));
            throw new RunFolderException($"{path} line {line}: not a line of metrics: {text}", e);
        }
    }
}
