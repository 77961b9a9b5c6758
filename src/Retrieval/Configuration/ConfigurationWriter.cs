using System.Text.Json;

namespace LargeRec.Retrieval.Configuration;

/// <summary>Writes a configuration with every key, in one order, so that equal configurations are equal texts.</summary>
public static class ConfigurationWriter
{
    /// <summary>Indented JSON ending in a line break, which <see cref="ConfigurationReader"/> reads back.</summary>
    public static string ToJson(RunConfiguration configuration) =>
        JsonSerializer.Serialize(configuration, ConfigurationJson.Default.RunConfiguration) + "\n";
}
