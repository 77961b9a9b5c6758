using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli.Output;

/// <summary>A comparison as `runs compare` writes it for programs.</summary>
internal sealed record ComparisonDocument(IReadOnlyList<string> Warnings, IReadOnlyList<ComparedRun> Runs, IReadOnlyList<ConfigurationDifference> Differences)
{
    public static ComparisonDocument Of(RunComparison comparison) =>
        new(comparison.Warnings, [.. comparison.Runs.Select(run => new ComparedRun(run.Path, run.Summary!))], comparison.Differences);
}

/// <summary>A run and what it measured.</summary>
internal sealed record ComparedRun(string Path, RunSummary Summary);
