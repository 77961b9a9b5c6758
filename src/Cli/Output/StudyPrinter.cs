using System.Globalization;
using LargeRec.Data.Download;
using LargeRec.Retrieval.Reports;
using LargeRec.Studies.Fits;
using LargeRec.Studies.Results;
using LargeRec.Studies.Running;

namespace LargeRec.Cli.Output;

/// <summary>Prints what a study would do, and what came out of it.</summary>
internal static class StudyPrinter
{
    /// <summary>Every cell with its estimate.</summary>
    public static void PrintPlan(StudyPlan plan)
    {
        var table = new TextTable(("cell", false), ("state", false), ("parameters", true), ("arithmetic", true), ("time", true), ("memory", true));
        foreach (var (cell, state, estimate) in plan.Cells)
        {
            table.Add(
                cell.Name,
                state.ToString().ToLowerInvariant(),
                estimate?.Parameters.ToString("N0", CultureInfo.InvariantCulture) ?? "",
                estimate is null ? "" : RunCostText.Flops(estimate.Flops),
                estimate is null ? "" : ProgressDisplay.Duration(TimeSpan.FromSeconds(estimate.Seconds)),
                estimate is null ? "" : ByteSize.Text(estimate.Bytes));
        }

        Print(table);
        foreach (var line in StudyDisplay.LinesOf(plan))
        {
            ResultPrinter.PrintWrapped(line);
        }
    }

    /// <summary>Loss and metrics of each cell.</summary>
    public static void PrintResults(ResultTable results, IReadOnlyList<string> metrics)
    {
        string[] names = ["loss", .. metrics.Where(metric => results.Rows.Any(row => row.Find(metric) is not null))];
        var table = new TextTable(
            [("cell", false), ("parameters", true), .. names.Select(name => (name == "loss" ? name : MetricNames.Shown(name), true)), ("seconds", true)]);
        foreach (var row in results.Rows)
        {
            table.Add(
            [
                row.Cell.Name,
                row.Summary?.Cost?.Parameters.ToString("N0", CultureInfo.InvariantCulture) ?? row.State.ToString().ToLowerInvariant(),
                .. names.Select(name => Numbers.Metric(row.Find(name))),
                Numbers.Seconds(row.Summary?.Seconds),
            ]);
        }

        Print(table);
    }

    /// <summary>Each fit in a line, or why there is none.</summary>
    public static void PrintFits(IReadOnlyList<StudyFit> fits)
    {
        foreach (var fit in fits)
        {
            Console.WriteLine();
            ResultPrinter.PrintWrapped(fit.ToString());
        }
    }

    private static void Print(TextTable table)
    {
        foreach (var line in table.Lines(ConsoleWidth.OfOutput()))
        {
            Console.WriteLine(line);
        }
    }
}
