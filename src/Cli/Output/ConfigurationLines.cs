using System.Text.Json;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Cli.Output;

/// <summary>A resolved configuration as a line a section, each value written as --set takes it.</summary>
internal static class ConfigurationLines
{
    public static IEnumerable<string> Of(RunConfiguration configuration)
    {
        using var document = JsonDocument.Parse(ConfigurationWriter.ToJson(configuration));
        foreach (var section in document.RootElement.EnumerateObject())
        {
            yield return $"  {section.Name}: {string.Join(' ', Values(section.Value, ""))}";
        }
    }

    private static IEnumerable<string> Values(JsonElement section, string prefix)
    {
        foreach (var key in section.EnumerateObject())
        {
            var values = key.Value.ValueKind switch
            {
                JsonValueKind.Null => [],
                JsonValueKind.Object => Values(key.Value, $"{prefix}{key.Name}."),
                JsonValueKind.Array => [$"{prefix}{key.Name}=[{string.Join(',', key.Value.EnumerateArray())}]"],
                JsonValueKind.String => [$"{prefix}{key.Name}={key.Value.GetString()}"],
                _ => [$"{prefix}{key.Name}={key.Value.GetRawText()}"],
            };
            foreach (var value in values)
            {
                yield return value;
            }
        }
    }
}
