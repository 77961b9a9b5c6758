namespace LargeRec.Cli.Output;

/// <summary>Metrics as people write them.</summary>
internal static class MetricNames
{
    /// <summary>"hr@10" as "HR@10".</summary>
    public static string Shown(string name) => name.ToUpperInvariant();
}
