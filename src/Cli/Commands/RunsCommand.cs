using System.CommandLine;
using System.Text.Json;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Retrieval.Reports;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli.Commands;

/// <summary>largerec runs: what run folders hold, one beside the other.</summary>
internal static class RunsCommand
{
    public static Command Create() => new ExampleCommand("runs", "List runs, compare them, and make their reports again.", "largerec runs list")
    {
        List(),
        Compare(),
        Report(),
    };

    private static ExampleCommand List()
    {
        var directory = new Argument<string>("DIR") { Description = "The folder with the run folders.", DefaultValueFactory = _ => "runs" };
        var format = SharedOptions.Format();
        var command = new ExampleCommand("list", "The runs below a folder: what they are, how far they came, what they measured.", """
            largerec runs list
            largerec runs list ~/experiments --format csv
            """)
        {
            directory, format,
        };
        command.SetAction(parsed =>
        {
            var written = SharedOptions.FormatOf(parsed.GetValue(format));
            var runs = RunOverview.List(parsed.GetValue(directory)!);
            switch (written)
            {
                case OutputFormat.Csv:
                    RunListPrinter.PrintCsv(runs);
                    break;
                case OutputFormat.Json:
                    Console.WriteLine(JsonSerializer.Serialize(runs.Select(RunRow.Of).ToArray(), ResultJson.Readable.RunRowArray));
                    break;
                default:
                    RunListPrinter.PrintTable(parsed.GetValue(directory)!, runs);
                    break;
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static ExampleCommand Compare()
    {
        var folders = new Argument<string[]>("RUN") { Description = "Run folders, two or more.", Arity = ArgumentArity.OneOrMore };
        var format = SharedOptions.Format();
        var command = new ExampleCommand(
            "compare", "Test metrics of finished runs side by side, with their intervals, and where their configurations differ.", """
            largerec runs compare runs/ml-1m-hstu-1 runs/ml-1m-hstu-2
            largerec runs compare runs/* --format csv
            """)
        {
            folders, format,
        };
        command.SetAction(parsed =>
        {
            var paths = parsed.GetValue(folders)!;
            if (paths.Length < 2)
            {
                throw new UsageException($"runs compare takes two runs or more; given is {paths[0]} alone");
            }

            var written = SharedOptions.FormatOf(parsed.GetValue(format));
            var comparison = RunComparison.Of(paths);
            switch (written)
            {
                case OutputFormat.Csv:
                    RunComparisonPrinter.PrintCsv(comparison);
                    break;
                case OutputFormat.Json:
                    Console.WriteLine(JsonSerializer.Serialize(ComparisonDocument.Of(comparison), ResultJson.Readable.ComparisonDocument));
                    break;
                default:
                    RunComparisonPrinter.PrintTable(comparison);
                    break;
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static ExampleCommand Report()
    {
        var folder = new Argument<string>("RUN") { Description = "A run folder." };
        var command = new ExampleCommand("report", "Write a run's report.html again, from what its folder holds.", "largerec runs report runs/ml-1m-hstu-1")
            { folder };
        command.SetAction(parsed =>
        {
            Console.WriteLine(RunReport.Write(RunFolder.Open(parsed.GetValue(folder)!)));
            return ExitCodes.Success;
        });
        return command;
    }
}
