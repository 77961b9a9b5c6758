using System.Globalization;
using LargeRec.Data.Events;
using LargeRec.Retrieval.Reports;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli.Output;

/// <summary>Prints what `runs list` found.</summary>
internal static class RunListPrinter
{
    public static void PrintTable(string directory, IReadOnlyList<RunOverview> runs)
    {
        if (runs.Count == 0)
        {
            Console.WriteLine($"{OneLine.Of(directory)}: no runs yet");
            return;
        }

        var table = new TextTable(("run", false), ("data", false), ("model", false), ("state", false), ("epochs", true), ("HR@10", true), ("NDCG@10", true),
            ("seconds", true));
        foreach (var row in runs.Where(run => run.State != RunState.Unreadable).Select(RunRow.Of))
        {
            table.Add(
                row.Name,
                Path.GetFileName(row.Data!),
                row.Backbone!,
                row.State.ToString().ToLowerInvariant(),
                row.State == RunState.Finished ? $"{row.Epochs}" : $"{row.Epochs}/{row.EpochsPlanned}",
                Numbers.Metric(row.Hr10),
                Numbers.Metric(row.Ndcg10),
                Numbers.Seconds(row.Seconds));
        }

        foreach (var line in table.Lines(ConsoleWidth.OfOutput()))
        {
            Console.WriteLine(line);
        }

        if (runs.Any(run => run.State is RunState.Running or RunState.Stopped && run.Find("ndcg@10") is not null))
        {
            ResultPrinter.PrintWrapped("runs that are not finished show their latest measurement, of the validation where they have one");
        }

        foreach (var run in runs.Where(run => run.State == RunState.Unreadable))
        {
            ResultPrinter.PrintWrapped(OneLine.Of($"unreadable: {run.Problem}"));
        }
    }

    public static void PrintCsv(IReadOnlyList<RunOverview> runs)
    {
        Console.Write(CsvLine.Of("path", "name", "state", "data", "backbone", "epochs", "epochs_planned", "hr@10", "ndcg@10", "seconds", "problem"));
        foreach (var row in runs.Select(RunRow.Of))
        {
            Console.Write(CsvLine.Of(
                row.Path,
                row.Name,
                row.State.ToString().ToLowerInvariant(),
                row.Data,
                row.Backbone,
                row.Epochs.ToString(CultureInfo.InvariantCulture),
                row.EpochsPlanned?.ToString(CultureInfo.InvariantCulture),
                Numbers.Exact(row.Hr10),
                Numbers.Exact(row.Ndcg10),
                Numbers.Exact(row.Seconds),
                row.Problem));
        }
    }
}
