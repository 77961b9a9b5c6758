using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;

namespace LargeRec.Retrieval.Configuration;

/// <summary>The keys of the configuration, walked from the generated description of its records.</summary>
internal static class ConfigurationSchema
{
    /// <summary>The whole configuration.</summary>
    public static JsonTypeInfo Root => ConfigurationJson.Default.RunConfiguration;

    /// <summary>The section behind a key, or null where the key holds a value.</summary>
    public static JsonTypeInfo? SectionOf(JsonPropertyInfo key) =>
        ConfigurationJson.Default.GetTypeInfo(key.PropertyType) is { Kind: JsonTypeInfoKind.Object } section ? section : null;

    /// <summary>A section's key by name, or null.</summary>
    public static JsonPropertyInfo? Find(JsonTypeInfo section, string name) => section.Properties.FirstOrDefault(p => p.Name == name);

    /// <summary>A full key: its section's path, a dot, its name.</summary>
    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>A section with all of its defaults, to be overlaid.</summary>
    public static JsonObject DefaultOf(JsonTypeInfo section)
    {
        // Sections that are absent unless somebody names one of their keys. (Generated readers would set what a text leaves out to zero.)
        object defaults = section.Type switch
        {
            var type when type == typeof(RunConfiguration) => new RunConfiguration(),
            var type when type == typeof(ColumnMapping) => new ColumnMapping(),
            var type when type == typeof(GeneratorConfiguration) => new GeneratorConfiguration(),
            var type => throw new UnreachableException($"The section {type.Name} is null by default and has no defaults here."),
        };
        return JsonSerializer.SerializeToNode(defaults, section)!.AsObject();
    }

    /// <summary>The line about a key that is not there: what may have been meant, or what there is.</summary>
    public static string Unknown(JsonTypeInfo section, string path, string name)
    {
        var full = Join(path, name);
        var own = section.Properties.Select(p => p.Name).ToArray();
        var near = NearestName.Find(name, own);
        var elsewhere = Keys(Root, "").Where(key => key.EndsWith("." + name, StringComparison.Ordinal)).ToArray();
        if (elsewhere.Length > 0 && (near is null || NearestName.Distance(name, near) > 2))
        {
            return $"unknown key '{full}': did you mean {string.Join(" or ", elsewhere.Select(key => $"'{key}'"))}?";
        }

        return near is not null
            ? $"unknown key '{full}': did you mean '{Join(path, near)}'?"
            : $"unknown key '{full}': {(path.Length == 0 ? "the sections are" : $"'{path}' has")} {string.Join(", ", own)}";
    }

    private static IEnumerable<string> Keys(JsonTypeInfo section, string path) => section.Properties.SelectMany(
        key => SectionOf(key) is { } inner ? Keys(inner, Join(path, key.Name)) : [Join(path, key.Name)]);
}
