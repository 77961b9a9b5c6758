using System.Globalization;
using LargeRec.Retrieval.Reports;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli.Output;

/// <summary>Prints what `runs compare` found; runs go by letters or numbers that stand before their folders.</summary>
internal static class RunComparisonPrinter
{
    /// <summary>So many runs with their intervals fit beside each other into 80 columns.</summary>
    private const int RunsBeside = 2;

    public static void PrintTable(RunComparison comparison)
    {
        var width = ConsoleWidth.OfOutput();
        var runs = comparison.Runs;
        foreach (var warning in comparison.Warnings)
        {
            ResultPrinter.PrintWrapped($"WARNING: {warning}");
        }

        var legend = new TextTable(("", false), ("run", false), ("epoch", true), ("seconds", true));
        for (var i = 0; i < runs.Count; i++)
        {
            legend.Add(LabelOf(i), runs[i].Path, $"{runs[i].Summary!.Epoch}", Numbers.Seconds(runs[i].Seconds));
        }

        Print(legend, width);
        for (var first = 0; first < runs.Count; first += RunsBeside)
        {
            Console.WriteLine();
            var shown = Enumerable.Range(first, Math.Min(RunsBeside, runs.Count - first)).ToArray();
            var table = new TextTable([("test", false), .. shown.SelectMany(i => new[] { (LabelOf(i), true), ("95% interval", true) })]);
            foreach (var metric in comparison.Metrics)
            {
                table.Add([MetricNames.Shown(metric),
                    .. shown.SelectMany(i => new[] { Numbers.Metric(runs[i].Find(metric)), Numbers.Interval(RunComparison.IntervalOf(runs[i], metric)) })]);
            }

            Print(table, width);
        }

        Console.WriteLine();
        PrintDifferences(comparison, width);
        PrintProtocols(comparison);
    }

    public static void PrintCsv(RunComparison comparison)
    {
        foreach (var warning in comparison.Warnings)
        {
            Console.Error.WriteLine($"WARNING: {warning}");
        }

        Console.Write(CsvLine.Of("run", "metric", "value", "low", "high"));
        foreach (var run in comparison.Runs)
        {
            foreach (var (metric, value) in run.Summary!.Test)
            {
                var interval = RunComparison.IntervalOf(run, metric);
                Console.Write(CsvLine.Of(run.Path, metric, Numbers.Exact(value), Numbers.Exact(interval?.Low), Numbers.Exact(interval?.High)));
            }
        }
    }

    private static void PrintDifferences(RunComparison comparison, int width)
    {
        if (comparison.Differences.Count == 0)
        {
            Console.WriteLine("no key of the configurations differs");
            return;
        }

        var table = new TextTable([("key", false), .. comparison.Runs.Select((_, i) => (LabelOf(i), false))]);
        foreach (var (key, values) in comparison.Differences)
        {
            table.Add([key, .. values.Select(value => value ?? "-")]);
        }

        Print(table, width);
    }

    private static void PrintProtocols(RunComparison comparison)
    {
        Console.WriteLine();
        foreach (var same in comparison.Runs.Select((run, i) => (run.Summary!.Protocol, Label: LabelOf(i))).GroupBy(run => run.Protocol))
        {
            var of = same.Count() == comparison.Runs.Count ? "" : $" of {string.Join(", ", same.Select(run => run.Label))}";
            ResultPrinter.PrintWrapped($"protocol{of}: {same.Key}");
        }
    }

    private static void Print(TextTable table, int width)
    {
        foreach (var line in table.Lines(width))
        {
            Console.WriteLine(line);
        }
    }

    private static string LabelOf(int run) => run < 26 ? $"{(char)('A' + run)}" : (run + 1).ToString(CultureInfo.InvariantCulture);
}
