using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace LargeRec.Engine.Weights;

/// <summary>
/// The checked header of a safetensors file: 8 bytes little-endian header length, a JSON object of name to
/// { dtype, shape, data_offsets }, then the data. Format: github.com/huggingface/safetensors, README "Format".
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>Bytes before the JSON.</summary>
    public const int LengthBytes = 8;

    /// <summary>The name under which free text is kept beside the tensors.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>The format's own limit, so that a wrong length cannot ask for any amount of memory.</summary>
    public const long MaximumLength = 100_000_000;

    // An entry nests two deep; anything deeper is not this format.
    private const int MaximumDepth = 4;

    private readonly string _origin;
    private readonly List<(SafetensorsEntry Entry, long End)> _found = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    private SafetensorsHeader(string origin) => _origin = origin;

    /// <summary>The tensors in the header's order, and the metadata.</summary>
    public static (ImmutableArray<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata) Parse(
        ReadOnlySpan<byte> json, long dataLength, string origin)
    {
        var header = new SafetensorsHeader(origin);
        try
        {
            header.ReadObject(json);
        }
        catch (JsonException e)
        {
            throw header.Error($"the header is not valid JSON at byte {Invariant(e.BytePositionInLine ?? 0)}", e);
        }
        catch (InvalidOperationException e)
        {
            // What Utf8JsonReader says of text that is not UTF-8 or holds half a surrogate pair.
            throw header.Error("the header holds text that is not valid UTF-8", e);
        }

        header.CheckOffsets(dataLength);
        return ([.. header._found.Select(f => f.Entry)], header._metadata);
    }

    private void ReadObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaximumDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw Error("the header is not a JSON object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!_names.Add(name))
            {
                throw Error($"the name '{name}' is there twice");
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Error($"'{name}' is {Describe(reader.TokenType)}, not an object");
            }

            if (name == MetadataName)
            {
                ReadMetadata(ref reader);
            }
            else
            {
                ReadEntry(ref reader, name);
            }
        }

        // Trailing spaces are the format's padding; Read() throws on anything else.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw Error($"metadata '{key}' is {Describe(reader.TokenType)}, not a text");
            }

            if (!_metadata.TryAdd(key, reader.GetString()!))
            {
                throw Error($"metadata '{key}' is there twice");
            }
        }
    }

    private void ReadEntry(ref Utf8JsonReader reader, string name)
    {
        string? code = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString()!;
            reader.Read();
            switch (field)
            {
                case "dtype" when code is null && reader.TokenType == JsonTokenType.String:
                    code = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadLengths(ref reader, name, field);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadLengths(ref reader, name, field);
                    break;
                case "dtype" when code is null:
                    throw Error($"'{name}': dtype is {Describe(reader.TokenType)}, not a text");
                case "dtype" or "shape" or "data_offsets":
                    throw Error($"'{name}': {field} is there twice");
                default:
                    throw Error($"'{name}': unknown field '{field}' (known: dtype, shape, data_offsets)");
            }
        }

        var missing = code is null ? "dtype" : shape is null ? "shape" : offsets is null ? "data_offsets" : null;
        if (missing is not null)
        {
            throw Error($"'{name}': {missing} is missing");
        }

        _found.Add(MakeEntry(name, code!, shape!, offsets!));
    }

    private List<long> ReadLengths(ref Utf8JsonReader reader, string name, string field)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Error($"'{name}': {field} is {Describe(reader.TokenType)}, not a list");
        }

        var lengths = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var length) || length < 0)
            {
                throw Error($"'{name}': {field} holds something that is not a whole number from 0 to {Invariant(long.MaxValue)}");
            }

            lengths.Add(length);
        }

        return lengths;
    }

    private (SafetensorsEntry Entry, long End) MakeEntry(string name, string code, List<long> shape, List<long> offsets)
    {
        if (!SafetensorsTypes.TryParse(code, out var type))
        {
            throw Error($"'{name}': dtype '{code}' is not supported (supported: {SafetensorsTypes.AllCodes})");
        }

        if (offsets.Count != 2 || offsets[0] > offsets[1])
        {
            throw Error($"'{name}': data_offsets [{string.Join(", ", offsets)}] are not a begin and an end");
        }

        var count = 1L;
        try
        {
            foreach (var length in shape)
            {
                count = checked(count * length);
            }

            if (checked(count * type.Size()) != offsets[1] - offsets[0])
            {
                throw Error($"'{name}': {code} [{string.Join(", ", shape)}] takes {Invariant(count * type.Size())} bytes, "
                    + $"data_offsets give it {Invariant(offsets[1] - offsets[0])}");
            }
        }
        catch (OverflowException e)
        {
            throw Error($"'{name}': the size of {code} [{string.Join(", ", shape)}] overflows", e);
        }

        return (new SafetensorsEntry(name, type, [.. shape], count, offsets[0]), offsets[1]);
    }

    private void CheckOffsets(long dataLength)
    {
        var expected = 0L;
        foreach (var (entry, end) in _found.OrderBy(f => f.Entry.ByteOffset).ThenBy(f => f.End))
        {
            if (entry.ByteOffset != expected)
            {
                var kind = entry.ByteOffset < expected ? "overlaps the tensor before it" : "leaves a hole before it";
                throw Error($"'{entry.Name}': starts at {Invariant(entry.ByteOffset)} and {kind}, which ends at {Invariant(expected)}");
            }

            expected = end;
        }

        if (expected != dataLength)
        {
            throw Error($"the header describes {Invariant(expected)} bytes of data, the file has {Invariant(dataLength)}"
                + (expected > dataLength ? ": it is cut short" : ""));
        }
    }

    private WeightsFormatException Error(string problem, Exception? inner = null) => WeightsFormatException.At(_origin, problem, inner);

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a truth value",
        _ => "null",
    };

    private static string Invariant(long value) => value.ToString(CultureInfo.InvariantCulture);
}
