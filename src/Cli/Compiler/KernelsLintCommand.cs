using System.CommandLine;
using System.Text.Json;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Kernels;
using LargeRec.Kernels.Lint;
using LargeRec.Retrieval.Reports;

namespace LargeRec.Cli;

/// <summary>largerec kernels lint: looks through the kernels' methods and texts for what the compiler gets wrong.</summary>
internal static class KernelsLintCommand
{
    private const string Description = "Look through all kernels, for all targets, for what the compiler gets wrong and what does not run everywhere. "
        + "Findings end with exit code 1.";

    public static Command Create()
    {
        var format = SharedOptions.Format();
        var command = new ExampleCommand("lint", Description, "largerec kernels lint") { format };
        command.SetAction(parsed =>
        {
            var given = SharedOptions.FormatOf(parsed.GetValue(format));
            return Report(Findings(), given);
        });
        return command;
    }

    /// <summary>Prints what was found; the exit code that goes with it.</summary>
    internal static int Report(IReadOnlyList<LintFinding> findings, OutputFormat format)
    {
        Print(findings, format);
        return findings.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    internal static IReadOnlyList<LintFinding> Findings()
    {
        using var progress = ProgressDisplay.Create();
        progress.Phase("compiling all kernels for all targets");
        var source = new IlgpuKernelSource();
        return KernelLint.CheckAll(source);
    }

    internal static void Print(IReadOnlyList<LintFinding> findings, OutputFormat format)
    {
        switch (format)
        {
            case OutputFormat.Csv:
                Console.Write(CsvLine.Of("kernel", "where", "rule", "text"));
                foreach (var finding in findings)
                {
                    Console.Write(CsvLine.Of(finding.Kernel, finding.Where, finding.Rule, finding.Text));
                }

                break;
            case OutputFormat.Json:
                Console.WriteLine(JsonSerializer.Serialize(
                    findings.Select(f => new LintRow { Kernel = f.Kernel, Where = f.Where, Rule = f.Rule, Text = f.Text }).ToArray(),
                    ResultJson.Readable.LintRowArray));
                break;
            default:
                foreach (var finding in findings)
                {
                    ResultPrinter.PrintWrapped(finding.ToString());
                }

                ResultPrinter.PrintWrapped(findings.Count == 0
                    ? $"nothing found in {KernelCatalogue.All.Count} kernels"
                    : $"{findings.Count} found in {KernelCatalogue.All.Count} kernels");
                break;
        }
    }
}
