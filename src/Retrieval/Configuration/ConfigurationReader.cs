using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using LargeRec.Data.Events;

namespace LargeRec.Retrieval.Configuration;

/// <summary>
/// Reads a configuration: JSON with comments and trailing commas over the defaults, then overrides <c>section.key=value</c>.
/// Anything unknown, of a wrong type or impossible is an error of one line that says where it was given.
/// </summary>
public sealed class ConfigurationReader
{
    /// <summary>The key by which editors find a file's schema; it means nothing else.</summary>
    internal const string SchemaKey = "$schema";

    private const string OverrideOrigin = "--set";
    private const int LongestQuote = 200;

    private readonly JsonObject _merged = ConfigurationSchema.DefaultOf(ConfigurationSchema.Root);
    private readonly Dictionary<string, string> _origins = new(StringComparer.Ordinal);

    private ConfigurationReader()
    {
    }

    internal static JsonDocumentOptions Lenient => new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, named in errors as given here.</param>
    /// <param name="overrides">Texts <c>section.key=value</c>, the last of a key counting.</param>
    /// <exception cref="ConfigurationException">It cannot be read, or holds something that cannot be used.</exception>
    public static RunConfiguration ReadFile(string path, IEnumerable<string>? overrides = null)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: {(File.Exists(path) ? "cannot be read" : "there is no such file")}", e);
        }

        return Read(text, path, overrides);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">JSON; <c>{}</c> for the defaults.</param>
    /// <param name="origin">What errors call it.</param>
    /// <param name="overrides">Texts <c>section.key=value</c>, the last of a key counting.</param>
    /// <exception cref="ConfigurationException">It holds something that cannot be used.</exception>
    public static RunConfiguration Read(string text, string origin, IEnumerable<string>? overrides = null)
    {
        var reader = new ConfigurationReader();
        reader.Overlay(text, origin);
        foreach (var assignment in overrides ?? [])
        {
            reader.Override(assignment);
        }

        return reader.Finish(origin);
    }

    private void Overlay(string text, string origin)
    {
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(text), Lenient);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ConfigurationException($"{origin}: a configuration is an object: {{ \"model\": {{ ... }}, ... }}");
            }

            Overlay(document.RootElement, ConfigurationSchema.Root, _merged, "", origin);
        }
        catch (JsonException e)
        {
            var reason = OneLine.Excerpt(e.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0], LongestQuote);
            throw new ConfigurationException($"{origin} line {e.LineNumber + 1}: not valid JSON: {reason}", e);
        }
        catch (InvalidOperationException e)
        {
            // What JsonElement says of a text with half a surrogate pair in it.
            throw new ConfigurationException($"{origin}: it holds a text that is not valid Unicode", e);
        }
    }

    private void Overlay(JsonElement section, JsonTypeInfo type, JsonObject target, string path, string origin)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in section.EnumerateObject())
        {
            if (path.Length == 0 && property is { Name: SchemaKey, Value.ValueKind: JsonValueKind.String })
            {
                continue;
            }

            var full = ConfigurationSchema.Join(path, property.Name);
            var key = ConfigurationSchema.Find(type, property.Name)
                ?? throw new ConfigurationException($"{origin}: {ConfigurationSchema.Unknown(type, path, property.Name)}");
            if (!seen.Add(property.Name))
            {
                throw new ConfigurationException($"{origin}: {full} is there twice");
            }

            _origins[full] = origin;
            if (ConfigurationSchema.SectionOf(key) is { } inner && !(property.Value.ValueKind == JsonValueKind.Null && key.IsSetNullable))
            {
                if (property.Value.ValueKind != JsonValueKind.Object)
                {
                    throw Wrong(origin, full, property.Value.GetRawText(), "a section: { ... }");
                }

                Overlay(property.Value, inner, SectionIn(target, key, inner), full, origin);
            }
            else if (property.Value.ValueKind == JsonValueKind.Null && key.IsSetNullable)
            {
                target[key.Name] = null;
            }
            else
            {
                target[key.Name] = ConfigurationValue.TryRead(property.Value, key, out var value)
                    ? value
                    : throw Wrong(origin, full, property.Value.GetRawText(), ConfigurationValue.Allowed(key));
            }
        }
    }

    private void Override(string assignment)
    {
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new ConfigurationException($"{OverrideOrigin} {assignment}: write it as {OverrideOrigin} section.key=value");
        }

        var full = assignment[..equals].Trim();
        var text = assignment[(equals + 1)..].Trim();
        var type = ConfigurationSchema.Root;
        var target = _merged;
        var path = "";
        var names = full.Split('.');
        for (var i = 0; i < names.Length; i++)
        {
            var key = ConfigurationSchema.Find(type, names[i])
                ?? throw new ConfigurationException(
                    $"{OverrideOrigin}: {ConfigurationSchema.Unknown(type, path, string.Join('.', names[i..]))}");
            path = ConfigurationSchema.Join(path, key.Name);
            _origins[path] = OverrideOrigin;
            var inner = ConfigurationSchema.SectionOf(key);
            var isLast = i == names.Length - 1;
            if (isLast && inner is not null)
            {
                var keys = string.Join(", ", inner.Properties.Select(p => p.Name));
                throw new ConfigurationException($"{OverrideOrigin}: {path} is a section; set one of its keys: {keys}");
            }

            if (isLast)
            {
                target[key.Name] = ConfigurationValue.TryRead(text, key, out var value)
                    ? value
                    : throw Wrong(OverrideOrigin, full, text, ConfigurationValue.Allowed(key));
                return;
            }

            type = inner ?? throw new ConfigurationException($"{OverrideOrigin}: {path} is a value; it has no key '{names[i + 1]}'");
            target = SectionIn(target, key, inner);
        }
    }

    private RunConfiguration Finish(string origin)
    {
        BackboneKeys.Resolve(_merged, _origins, origin, OverrideOrigin);
        LossKeys.Resolve(_merged, _origins, OverrideOrigin);
        var configuration = _merged.Deserialize(ConfigurationJson.Default.RunConfiguration)!;
        foreach (var (key, holds, allowed) in ConfigurationRules.Check(configuration))
        {
            if (!holds)
            {
                throw Wrong(_origins.GetValueOrDefault(key, origin), key, Given(key), allowed);
            }
        }

        return configuration is { Data: { Name: DataConfiguration.Synthetic, Generator: null } }
            ? configuration with { Data = configuration.Data with { Generator = new GeneratorConfiguration() } }
            : configuration;
    }

    private string Given(string key)
    {
        JsonNode? node = _merged;
        foreach (var name in key.Split('.'))
        {
            node = node?[name];
        }

        return node?.ToJsonString() ?? "null";
    }

    private static JsonObject SectionIn(JsonObject target, JsonPropertyInfo key, JsonTypeInfo section)
    {
        if (target[key.Name] is not JsonObject inner)
        {
            inner = ConfigurationSchema.DefaultOf(section);
            target[key.Name] = inner;
        }

        return inner;
    }

    private static ConfigurationException Wrong(string origin, string key, string given, string allowed)
    {
        var line = string.Join(' ', given.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return new($"{origin}: {key} is {OneLine.Excerpt(line, LongestQuote)}; it must be {allowed}");
    }
}
