using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;

namespace LargeRec.Retrieval.Configuration;

/// <summary>
/// The configuration as a JSON Schema (draft 2020-12), for editors that complete and check configuration files: types, defaults, allowed values and
/// descriptions of every key. Rules between keys are left to <see cref="ConfigurationReader"/>, which stays the judge.
/// </summary>
public static partial class ConfigurationJsonSchema
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private static readonly JsonSerializerOptions Indented = new(ConfigurationJson.Default.Options);

    /// <summary>The schema as indented JSON ending in a line break.</summary>
    public static string ToJson()
    {
        var rules = ConfigurationRules.Check(new RunConfiguration()).ToDictionary(rule => rule.Key, rule => rule.Allowed);
        var exported = ConfigurationSchema.Root.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Describe(context, node, rules),
        }).AsObject();
        var schema = new JsonObject
        {
            ["$schema"] = Dialect,
            ["title"] = "A configuration of LargeRec",
        };
        foreach (var (key, value) in exported.ToArray())
        {
            exported.Remove(key);
            schema[key] = value;
        }

        // Editors find the schema of a file by this key, so a file may hold it.
        schema["properties"]![ConfigurationReader.SchemaKey] = new JsonObject { ["type"] = "string" };
        return schema.ToJsonString(Indented) + "\n";
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node, Dictionary<string, string> rules)
    {
        if (context.PropertyInfo is not { } property || node is not JsonObject schema)
        {
            return node;
        }

        var key = string.Join('.', context.Path.ToArray().Where((_, i) => i % 2 == 1));
        var allowed = rules.GetValueOrDefault(key);
        var attribute = property.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false).Cast<DescriptionAttribute>()
            .FirstOrDefault();
        if (attribute is not null)
        {
            schema["description"] = attribute.Description + (allowed is null ? "" : $" It must be {allowed}.");
        }

        if (property.PropertyType == typeof(ulong))
        {
            schema["minimum"] = 0;
        }

        if (allowed is not null)
        {
            Restrict(schema, allowed);
        }

        if (DefaultOf(key, out var value))
        {
            schema["default"] = value;
        }

        return schema;
    }

    /// <summary>What a rule's words say that a schema can say too.</summary>
    private static void Restrict(JsonObject schema, string allowed)
    {
        if (allowed.StartsWith("one of ", StringComparison.Ordinal))
        {
            schema["enum"] = new JsonArray([.. allowed["one of ".Length..].Split(", ").Select(name => JsonValue.Create(name))]);
            return;
        }

        foreach (Match bound in Bound().Matches(allowed))
        {
            var number = double.Parse(bound.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
            var (target, keyword) = bound.Groups[1].Value switch
            {
                "at least" => (schema, "minimum"),
                "above" => (schema, "exclusiveMinimum"),
                "at most" => (schema, "maximum"),
                "below" => (schema, "exclusiveMaximum"),
                _ => (schema["items"] as JsonObject ?? schema, "minimum"),
            };
            target[keyword] = number;
        }
    }

    private static bool DefaultOf(string key, out JsonNode? value)
    {
        var section = ConfigurationSchema.Root;
        var defaults = ConfigurationSchema.DefaultOf(section);
        var names = key.Split('.');
        foreach (var name in names[..^1])
        {
            var type = ConfigurationSchema.SectionOf(ConfigurationSchema.Find(section, name)!)!;
            // A section that is absent unless one of its keys is named has its keys' defaults then.
            (section, defaults) = (type, defaults[name] as JsonObject ?? ConfigurationSchema.DefaultOf(type));
        }

        value = defaults[names[^1]]?.DeepClone();
        return ConfigurationSchema.SectionOf(ConfigurationSchema.Find(section, names[^1])!) is null;
    }

    [GeneratedRegex(@"(at least|above|at most|below|whole numbers from) (-?\d+(?:\.\d+)?)")]
    private static partial Regex Bound();
}
