using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace LargeRec.Bench.Operations;

/// <summary>BenchmarkDotNet over the operation cases, in this process: what it would build beside would be built with other settings.</summary>
internal static class BenchmarksJob
{
    /// <summary>BenchmarkDotNet asks a class for its cases; this is how it hears which.</summary>
    public const string CaseVariable = "LARGEREC_BENCH_CASE";

    private const int LongestCase = 80;

    public static int Run(string[] args)
    {
        if (Arguments.Value(args, "--case") is { } wanted)
        {
            Environment.SetEnvironmentVariable(CaseVariable, wanted);
            var at = Array.IndexOf(args, "--case");
            args = [.. args[..at], .. args[(at + 2)..]];
        }

        var config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(LongestCase));
        return BenchmarkSwitcher.FromTypes([typeof(OperationBenchmarks)]).Run(args, config).Any() ? 0 : 2;
    }
}
