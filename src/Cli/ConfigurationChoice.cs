using LargeRec.Data.Catalogue;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Cli;

/// <summary>Which configuration a command line asks for: a data set's own, a file's, or the generated data's.</summary>
internal static class ConfigurationChoice
{
    /// <summary>Resolves <c>--data</c> and <c>--config</c>, then applies the overrides.</summary>
    /// <param name="data">A data set's name (NAME stands for NAME/hstu), or a CSV or TSV file; null for none given.</param>
    /// <param name="configuration">A file, or NAME/MODEL of an embedded one; null for none given.</param>
    /// <param name="overrides">key=value.</param>
    /// <param name="origin">What was chosen, to be printed.</param>
    public static RunConfiguration Resolve(string? data, string? configuration, IReadOnlyList<string> overrides, out string origin)
    {
        var all = new List<string>();
        var source = configuration ?? "synthetic";
        if (data is not null && IsFile(data))
        {
            source = configuration ?? DataConfiguration.Delimited;
            all.AddRange(FileOverrides(data));
        }
        else if (data is not null)
        {
            RequireKnown(data);
            source = configuration ?? data;
            if (configuration is not null)
            {
                all.Add($"data.name={data}");
            }
        }

        all.AddRange(overrides);
        if (source.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || File.Exists(source))
        {
            origin = source;
            return ConfigurationReader.ReadFile(source, all);
        }

        var embedded = EmbeddedConfigurations.Find(source);
        origin = embedded.Origin;
        return embedded.Read(all);
    }

    /// <summary>The section data for a data set or file alone, with everything else as it is by default.</summary>
    /// <param name="data">A data set's name, or a file.</param>
    /// <param name="overrides">key=value.</param>
    public static DataConfiguration OfData(string data, IEnumerable<string> overrides)
    {
        if (!IsFile(data))
        {
            RequireKnown(data);
        }

        string[] chosen = IsFile(data) ? [.. FileOverrides(data)] : [$"data.name={data}"];
        return ConfigurationReader.Read("{}", data, [.. chosen, .. overrides]).Data;
    }

    /// <summary>The overrides that <c>--data</c> stands for where the configuration is a run's own.</summary>
    /// <param name="data">A data set's name or a file; null for none given.</param>
    public static IEnumerable<string> DataOverrides(string? data) => data is null ? [] : IsFile(data) ? FileOverrides(data) : [$"data.name={data}"];

    /// <summary>The overrides that let a configuration read another file of events, for a run that was trained on a file.</summary>
    /// <exception cref="UsageException">It is no file.</exception>
    public static IEnumerable<string> FileOverrides(string data)
    {
        if (Directory.Exists(data))
        {
            throw new UsageException($"--data {data}: this is a folder; name a file in it, or a data set with --data-dir {data}");
        }

        if (!File.Exists(data) && EmbeddedConfigurations.Names.Contains(data))
        {
            throw new UsageException($"--data {data}: this is a configuration; choose it by --config {data}");
        }

        return [$"data.name={DataConfiguration.Delimited}", $"data.file={data}"];
    }

    private static bool IsFile(string data) => Path.Exists(data) || data.AsSpan().IndexOfAny('.', '/', '\\') >= 0;

    private static void RequireKnown(string data)
    {
        var names = DataConfiguration.KnownNames.Where(n => n != DataConfiguration.Delimited).ToArray();
        if (data != DataConfiguration.Delimited && !names.Contains(data))
        {
            throw new UsageException($"--data {data}: there is no such data set or file{NearestName.Question(data, names)} (there are "
                + $"{string.Join(", ", names)}, or the path of a file)");
        }
    }
}
