using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LargeRec.Studies.Definition;

/// <summary>Writes a study so that <see cref="StudyReader"/> reads it back wherever it lies: the base is in it, with every key.</summary>
public static class StudyWriter
{
    /// <summary>Indented JSON ending in a line break.</summary>
    public static string ToJson(StudyDefinition study)
    {
        var root = new JsonObject
        {
            ["study"] = study.Kind.ToString().ToLowerInvariant(),
            ["title"] = study.Title,
            ["base"] = JsonNode.Parse(study.BaseText),
        };
        Fill(root, study.Grids[0], withOverrides: false);
        if (study.Grids.Count > 1)
        {
            var also = new JsonArray();
            foreach (var grid in study.Grids.Skip(1))
            {
                var node = new JsonObject();
                Fill(node, grid, withOverrides: true);
                also.Add((JsonNode)node);
            }

            root["also"] = also;
        }

        root["metrics"] = new JsonArray([.. study.Metrics.Select(metric => (JsonNode)JsonValue.Create(metric))]);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream,
            new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            root.WriteTo(json);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Fill(JsonObject node, StudyGrid grid, bool withOverrides)
    {
        if (withOverrides && grid.Overrides.Count > 0)
        {
            node["set"] = Assignments(grid.Overrides);
        }

        var axes = new JsonObject();
        foreach (var axis in grid.Axes)
        {
            if (axis.Name == StudyAxis.Seeds)
            {
                node["seeds"] = new JsonArray([.. axis.Values.Select(value => (JsonNode)JsonValue.Create(value.Label))]);
                continue;
            }

            // Named groups hold any axis: what was a list of values is one too.
            var groups = new JsonObject();
            foreach (var value in axis.Values)
            {
                groups[value.Label] = Assignments(value.Overrides);
            }

            axes[axis.Name] = groups;
        }

        node["axes"] = axes;
    }

    private static JsonObject Assignments(IReadOnlyList<string> overrides)
    {
        var node = new JsonObject();
        foreach (var assignment in overrides)
        {
            var equals = assignment.IndexOf('=', StringComparison.Ordinal);
            node[assignment[..equals]] = assignment[(equals + 1)..];
        }

        return node;
    }
}
