using System.Text;
using System.Text.Json;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Studies.Definition;

/// <summary>
/// Reads a study: JSON with comments and trailing commas. Anything unknown, of a wrong type or impossible is an error of one line that says where it was
/// given; every value of every axis is checked by itself, and every cell again when the grid is made.
/// </summary>
public static class StudyReader
{
    private const int LongestQuote = 120;

    private static readonly string[] RootKeys = ["$schema", "study", "title", "base", "set", "axes", "seeds", "also", "metrics"];
    private static readonly string[] GridKeys = ["set", "axes", "seeds"];

    private static JsonDocumentOptions Lenient => new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a file; a base that is a file lies beside it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="baseName">What takes the place of the study's base: a configuration's name or file; null for the study's own.</param>
    /// <param name="overrides">Texts <c>section.key=value</c> for all cells, after the study's own.</param>
    /// <exception cref="ConfigurationException">It cannot be read, or holds something that cannot be used.</exception>
    public static StudyDefinition ReadFile(string path, string? baseName = null, IReadOnlyList<string>? overrides = null)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: {(File.Exists(path) ? "cannot be read" : "there is no such file")}", fault);
        }

        return Read(text, path, Path.GetDirectoryName(Path.GetFullPath(path)), baseName, overrides);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="origin">What errors call it.</param>
    /// <param name="folder">Where a base that is a file lies; null for the current folder.</param>
    /// <param name="baseName">What takes the place of the study's base; null for the study's own.</param>
    /// <param name="overrides">Texts <c>section.key=value</c> for all cells, after the study's own.</param>
    /// <exception cref="ConfigurationException">It holds something that cannot be used.</exception>
    public static StudyDefinition Read(string text, string origin, string? folder = null, string? baseName = null, IReadOnlyList<string>? overrides = null)
    {
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(text), Lenient);
            return Read(document.RootElement, origin, folder, baseName, overrides ?? []);
        }
        catch (JsonException fault)
        {
            var reason = OneLine.Excerpt(fault.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0], LongestQuote);
            throw new ConfigurationException($"{origin} line {fault.LineNumber + 1}: not valid JSON: {reason}", fault);
        }
    }

    private static StudyDefinition Read(JsonElement root, string origin, string? folder, string? baseName, IReadOnlyList<string> overrides)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ConfigurationException(
                $"{origin}: a study is an object: {{ \"study\": \"scaling\", \"base\": \"synthetic/hstu\", \"axes\": {{ ... }} }}");
        }

        RequireKeys(root, RootKeys, origin, "");
        var kind = root.TryGetProperty("study", out var named) ? KindOf(named, origin)
            : throw new ConfigurationException($"{origin}: study is missing: say scaling, ablation or parameters");
        var set = Overrides(root, origin, "");
        var (baseText, baseOrigin) = BaseOf(root, origin, folder, baseName, [.. set, .. overrides]);
        var grids = new List<StudyGrid> { GridOf(root, origin, "") with { Overrides = [] } };
        if (root.TryGetProperty("also", out var also))
        {
            Require(also.ValueKind == JsonValueKind.Array, origin, "also", also, "a list of grids: [ { \"axes\": { ... } } ]");
            foreach (var (grid, index) in also.EnumerateArray().Select((grid, index) => (grid, index)))
            {
                var place = $"also[{index}].";
                Require(grid.ValueKind == JsonValueKind.Object, origin, $"also[{index}]", grid, "a grid: { \"axes\": { ... } }");
                RequireKeys(grid, GridKeys, origin, place);
                grids.Add(GridOf(grid, origin, place));
            }
        }

        foreach (var (axis, value) in grids.SelectMany(grid => grid.Axes).SelectMany(axis => axis.Values.Select(value => (axis, value))))
        {
            RequireKnownKeys(axis, value, baseText, baseOrigin, origin);
        }

        return new StudyDefinition
        {
            Kind = kind,
            Title = root.TryGetProperty("title", out var title) ? TextOf(title, origin, "title") : $"{kind} study",
            BaseText = baseText,
            BaseOrigin = baseOrigin,
            Origin = origin,
            Grids = grids,
            Metrics = root.TryGetProperty("metrics", out var metrics) ? MetricsOf(metrics, origin) : StudyDefinition.UsualMetrics,
        };
    }

    /// <summary>The kind of this name.</summary>
    /// <exception cref="ConfigurationException">There is none.</exception>
    private static StudyKind KindOf(JsonElement named, string origin) => (named.ValueKind == JsonValueKind.String ? named.GetString() : null) switch
    {
        "scaling" => StudyKind.Scaling,
        "ablation" => StudyKind.Ablation,
        "parameters" => StudyKind.Parameters,
        _ => throw Wrong(origin, "study", named, "one of scaling, ablation, parameters"),
    };

    /// <summary>The base with what is set for all cells, every key of it.</summary>
    private static (string Text, string Origin) BaseOf(JsonElement root, string origin, string? folder, string? baseName, IReadOnlyList<string> overrides)
    {
        var given = default(JsonElement);
        if (baseName is null && !root.TryGetProperty("base", out given))
        {
            throw new ConfigurationException(
                $"{origin}: base is missing: name a configuration (synthetic/hstu), a file, or write one: {{ \"model\": {{ ... }} }}");
        }

        RunConfiguration configuration;
        string from;
        if (baseName is null && given.ValueKind == JsonValueKind.Object)
        {
            from = $"{origin}, base";
            configuration = Rewritten(origin, "set", () => ConfigurationReader.Read(given.GetRawText(), from, overrides));
        }
        else
        {
            var name = baseName ?? TextOf(given, origin, "base");
            if (name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                from = baseName is null && folder is not null ? Path.Combine(folder, name) : name;
                configuration = Rewritten(origin, "set", () => ConfigurationReader.ReadFile(from, overrides));
            }
            else
            {
                var embedded = EmbeddedConfigurations.Find(name);
                from = embedded.Origin;
                configuration = Rewritten(origin, "set", () => embedded.Read(overrides));
            }
        }

        return (ConfigurationWriter.ToJson(configuration), from);
    }

    private static StudyGrid GridOf(JsonElement grid, string origin, string place)
    {
        var axes = new List<StudyAxis>();
        if (grid.TryGetProperty("axes", out var given))
        {
            Require(given.ValueKind == JsonValueKind.Object, origin, $"{place}axes", given, "an object: { \"model.layers\": [2, 4, 8] }");
            foreach (var axis in given.EnumerateObject())
            {
                if (axes.Exists(other => other.Name == axis.Name))
                {
                    throw new ConfigurationException($"{origin}: {place}axes has '{axis.Name}' twice");
                }

                if (axis.Name == StudyAxis.Seeds)
                {
                    throw new ConfigurationException($"{origin}: {place}axes has '{axis.Name}'; seeds are no axis of their own: \"seeds\": [1, 2, 3]");
                }

                axes.Add(AxisOf(axis.Name, axis.Value, origin, $"{place}axes.{axis.Name}"));
            }
        }

        if (grid.TryGetProperty("seeds", out var seeds))
        {
            axes.Add(AxisOf(StudyAxis.Seeds, seeds, origin, $"{place}seeds"));
        }

        return new StudyGrid(axes, Overrides(grid, origin, place));
    }

    private static StudyAxis AxisOf(string name, JsonElement values, string origin, string place)
    {
        var found = new List<StudyAxisValue>();
        if (values.ValueKind == JsonValueKind.Array)
        {
            string[] keys = [.. name.Split('=').Select(key => key.Trim())];
            if (!keys[0].Contains('.', StringComparison.Ordinal))
            {
                throw new ConfigurationException($"{origin}: {place} is a list, so its name must be a key of the configuration such as model.layers; groups "
                    + $"of keys are an object: {{ \"name\": {{ \"model.bias\": \"none\" }} }}");
            }

            found.AddRange(values.EnumerateArray().Select(value => new StudyAxisValue(Assigned(value), [.. keys.Select(key => $"{key}={Assigned(value)}")])));
        }
        else
        {
            Require(values.ValueKind == JsonValueKind.Object, origin, place, values,
                "a list of values, or an object of named groups: { \"name\": { \"model.bias\": \"none\" } }");
            foreach (var group in values.EnumerateObject())
            {
                Require(group.Value.ValueKind == JsonValueKind.Object, origin, $"{place}.{group.Name}", group.Value,
                    "an object of keys: { \"model.bias\": \"none\" }, or {} for the base as it is");
                found.Add(new StudyAxisValue(group.Name, [.. group.Value.EnumerateObject().Select(key => $"{key.Name}={Assigned(key.Value)}")]));
            }
        }

        if (found.Count == 0)
        {
            throw new ConfigurationException($"{origin}: {place} has no value; give at least one");
        }

        var twice = found.GroupBy(value => value.Label).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? new StudyAxis(name, found)
            : throw new ConfigurationException($"{origin}: {place} has {OneLine.Excerpt(twice.Key, LongestQuote)} twice");
    }

    /// <summary>An axis' value alone may break a rule between keys that another axis mends, so only its keys and their types are looked at here.</summary>
    private static void RequireKnownKeys(StudyAxis axis, StudyAxisValue value, string baseText, string baseOrigin, string origin)
    {
        foreach (var assignment in value.Overrides)
        {
            try
            {
                _ = ConfigurationReader.Read(baseText, baseOrigin, [assignment]);
            }
            catch (ConfigurationException fault) when (fault.Message.Contains("unknown key", StringComparison.Ordinal) || value.Overrides.Count == 1)
            {
                throw new ConfigurationException($"{origin}, axis '{axis.Name}': {WithoutOption(fault.Message)}", fault);
            }
            catch (ConfigurationException)
            {
                // It may fit together with the group's other keys; the cells are checked as a whole.
            }
        }
    }

    private static IReadOnlyList<string> Overrides(JsonElement section, string origin, string place)
    {
        if (!section.TryGetProperty("set", out var set))
        {
            return [];
        }

        Require(set.ValueKind == JsonValueKind.Object, origin, $"{place}set", set, "an object of keys: { \"training.epochs\": 10 }");
        return [.. set.EnumerateObject().Select(key => $"{key.Name}={Assigned(key.Value)}")];
    }

    private static IReadOnlyList<string> MetricsOf(JsonElement metrics, string origin)
    {
        Require(
            metrics.ValueKind == JsonValueKind.Array && metrics.EnumerateArray().Any()
                && metrics.EnumerateArray().All(metric => metric.ValueKind == JsonValueKind.String),
            origin, "metrics", metrics, "a list of names: [\"ndcg@10\", \"hr@10\"]");
        return [.. metrics.EnumerateArray().Select(metric => metric.GetString()!)];
    }

    /// <summary>A value as an override takes it.</summary>
    private static string Assigned(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static T Rewritten<T>(string origin, string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ConfigurationException fault) when (fault.Message.StartsWith("--set", StringComparison.Ordinal))
        {
            throw new ConfigurationException($"{origin}, {place}: {WithoutOption(fault.Message)}", fault);
        }
    }

    /// <summary>What the reader says of an override, without the name of the option that it was not given by.</summary>
    internal static string WithoutOption(string message) => message.StartsWith("--set: ", StringComparison.Ordinal) ? message["--set: ".Length..] : message;

    private static string TextOf(JsonElement value, string origin, string place)
    {
        Require(value.ValueKind == JsonValueKind.String, origin, place, value, "a text");
        return value.GetString()!;
    }

    private static void RequireKeys(JsonElement section, string[] known, string origin, string place)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in section.EnumerateObject())
        {
            if (!known.Contains(key.Name))
            {
                throw new ConfigurationException($"{origin}: unknown key '{place}{key.Name}'{NearestName.Question(key.Name, known)} (there are "
                    + $"{string.Join(", ", known.Where(k => k[0] != '$'))})");
            }

            if (!seen.Add(key.Name))
            {
                throw new ConfigurationException($"{origin}: {place}{key.Name} is there twice");
            }
        }
    }

    private static void Require(bool holds, string origin, string place, JsonElement given, string allowed)
    {
        if (!holds)
        {
            throw Wrong(origin, place, given, allowed);
        }
    }

    private static ConfigurationException Wrong(string origin, string place, JsonElement given, string allowed)
    {
        var line = string.Join(' ', given.GetRawText().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return new($"{origin}: {place} is {OneLine.Excerpt(line, LongestQuote)}; it must be {allowed}");
    }
}
