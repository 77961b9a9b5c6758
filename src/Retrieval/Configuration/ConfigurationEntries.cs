using System.Text.Json;

namespace LargeRec.Retrieval.Configuration;

/// <summary>A configuration as a list of its keys.</summary>
public static class ConfigurationEntries
{
    /// <summary>The value of a key that is not set.</summary>
    public const string Nothing = "null";

    /// <summary>Every key with its value, in the order of <see cref="ConfigurationWriter"/>; a section that is null is one entry.</summary>
    public static IReadOnlyList<ConfigurationEntry> Of(RunConfiguration configuration)
    {
        using var document = JsonDocument.Parse(ConfigurationWriter.ToJson(configuration));
        return [.. Walk(document.RootElement, "")];
    }

    private static IEnumerable<ConfigurationEntry> Walk(JsonElement section, string path)
    {
        foreach (var key in section.EnumerateObject())
        {
            var full = ConfigurationSchema.Join(path, key.Name);
            if (key.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var inner in Walk(key.Value, full))
                {
                    yield return inner;
                }
            }
            else
            {
                yield return new ConfigurationEntry(full, TextOf(key.Value));
            }
        }
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray())}]",
        _ => value.GetRawText(),
    };
}
