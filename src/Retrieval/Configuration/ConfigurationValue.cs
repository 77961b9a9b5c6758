using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace LargeRec.Retrieval.Configuration;

/// <summary>The value of a key: what is allowed for its type, and reading it from JSON or from the text of an override.</summary>
internal static class ConfigurationValue
{
    /// <summary>What a key of this type may hold, in words.</summary>
    public static string Allowed(JsonPropertyInfo key)
    {
        var type = TypeOf(key);
        var allowed =
            type.IsEnum ? (Names(type) is [var only] ? $"\"{only}\"" : $"one of {string.Join(", ", Names(type))}") :
            type == typeof(int) ? "a whole number" :
            type == typeof(ulong) ? "a whole number from 0 up" :
            type == typeof(double) ? "a number" :
            type == typeof(bool) ? "true or false" :
            type == typeof(string) ? "a text" :
            type == typeof(IReadOnlyList<int>) ? "a list of whole numbers" :
            throw new UnreachableException($"Keys of type {type.Name} are not known here.");
        return key.IsSetNullable ? allowed + ", or null" : allowed;
    }

    /// <summary>Reads JSON; false where it is not what the key's type allows.</summary>
    public static bool TryRead(JsonElement element, JsonPropertyInfo key, out JsonNode? value)
    {
        value = null;
        if (element.ValueKind == JsonValueKind.Null)
        {
            return key.IsSetNullable;
        }

        var type = TypeOf(key);
        if (element.ValueKind == JsonValueKind.String)
        {
            var text = element.GetString()!;
            value = JsonValue.Create(text);
            return type == typeof(string) || (type.IsEnum && Names(type).Contains(text));
        }

        var fits = (element.ValueKind, type) switch
        {
            (JsonValueKind.True or JsonValueKind.False, _) => type == typeof(bool),
            (JsonValueKind.Number, _) when type == typeof(int) => element.TryGetInt32(out _),
            (JsonValueKind.Number, _) when type == typeof(ulong) => element.TryGetUInt64(out _),
            (JsonValueKind.Number, _) when type == typeof(double) => element.TryGetDouble(out var number) && double.IsFinite(number),
            (JsonValueKind.Array, _) when type == typeof(IReadOnlyList<int>) =>
                element.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out _)),
            _ => false,
        };
        value = fits ? Parse(element.GetRawText()) : null;
        return fits;
    }

    /// <summary>Reads an override's text, in which words need no quotes and lists no brackets.</summary>
    public static bool TryRead(string text, JsonPropertyInfo key, out JsonNode? value)
    {
        value = null;
        var type = TypeOf(key);
        if (text == "null" && key.IsSetNullable)
        {
            return true;
        }

        var json =
            type.IsEnum || type == typeof(string) ? JsonValue.Create(text).ToJsonString() :
            type == typeof(IReadOnlyList<int>) && !text.StartsWith('[') ? $"[{text}]" :
            type == typeof(double) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) :
            text;
        try
        {
            using var document = JsonDocument.Parse(json);
            return TryRead(document.RootElement, key, out value);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Type TypeOf(JsonPropertyInfo key) => Nullable.GetUnderlyingType(key.PropertyType) ?? key.PropertyType;

    private static JsonNode? Parse(string json) => JsonNode.Parse(json, documentOptions: ConfigurationReader.Lenient);

    private static string[] Names(Type type)
    {
        var info = ConfigurationJson.Default.GetTypeInfo(type)
            ?? throw new UnreachableException($"The values of {type.Name} are not in the generated description.");
        return [.. Enum.GetValuesAsUnderlyingType(type).Cast<object>()
            .Select(number => JsonSerializer.SerializeToNode(Enum.ToObject(type, number), info)!.GetValue<string>())];
    }
}
