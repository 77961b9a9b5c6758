using LargeRec.Retrieval.Configuration;

namespace LargeRec.Cli.Output;

/// <summary>A resolved configuration as a line a section, each value written as --set takes it.</summary>
internal static class ConfigurationLines
{
    public static IEnumerable<string> Of(RunConfiguration configuration) =>
        from entry in ConfigurationEntries.Of(configuration)
        group entry by entry.Key.Split('.')[0] into section
        let values = section.Where(entry => entry.Value != ConfigurationEntries.Nothing)
            .Select(entry => $"{entry.Key[(section.Key.Length + 1)..]}={entry.Value}")
        select $"  {section.Key}: {string.Join(' ', values)}";
}
