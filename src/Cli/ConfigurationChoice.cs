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
        string source;
        if (data is not null && IsFile(data))
        {
            source = configuration ?? "csv";
            all.Add("data.name=csv");
            all.Add($"data.file={data}");
        }
        else
        {
            source = configuration ?? data ?? "synthetic";
            if (configuration is not null && data is not null)
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

    private static bool IsFile(string data) => File.Exists(data) || data.AsSpan().IndexOfAny('.', '\\') >= 0;
}
