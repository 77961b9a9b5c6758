using System.Globalization;
using System.Text.Json;
using LargeRec.Retrieval.Evaluation;
using LargeRec.Retrieval.Reports;

namespace LargeRec.Cli.Output;

/// <summary>Prints what `evaluate` measured.</summary>
internal static class EvaluationPrinter
{
    public static void Print(EvaluationDocument evaluation, OutputFormat format)
    {
        switch (format)
        {
            case OutputFormat.Csv:
                PrintCsv(evaluation);
                break;
            case OutputFormat.Json:
                Console.WriteLine(JsonSerializer.Serialize(evaluation, ResultJson.Readable.EvaluationDocument));
                break;
            default:
                ResultPrinter.PrintMetrics(evaluation.Summary, evaluation.Weights);
                foreach (var breakdown in evaluation.Breakdowns)
                {
                    PrintBreakdown(breakdown);
                }

                if (evaluation.Beside is { } beside)
                {
                    Console.WriteLine();
                    ResultPrinter.PrintWrapped(Sentence(beside));
                }

                break;
        }
    }

    private static string Sentence(RankAgreement beside) => string.Create(
        CultureInfo.InvariantCulture,
        $"beside {beside.Device}: {(beside.Different == 0 ? $"all {beside.Examples:N0} ranks are equal"
            : $"{beside.Different:N0} of {beside.Examples:N0} ranks differ, where scores are {beside.LargestGap:G2} apart at most")}");

    private static void PrintBreakdown(Breakdown breakdown)
    {
        Console.WriteLine();
        Console.WriteLine($"by {breakdown.Name}");
        var table = new TextTable(("", false), ("tests", true), ("HR@10", true), ("NDCG@10", true), ("95% interval", true), ("MRR", true));
        foreach (var group in breakdown.Groups)
        {
            table.Add(
                group.Name,
                group.Count.ToString("N0", CultureInfo.InvariantCulture),
                Numbers.Metric(group.HitRate),
                Numbers.Metric(group.Ndcg),
                Numbers.Interval(group.NdcgInterval is [var low, var high] ? (low, high) : null),
                Numbers.Metric(group.ReciprocalRank));
        }

        foreach (var line in table.Lines(ConsoleWidth.OfOutput()))
        {
            Console.WriteLine(line);
        }
    }

    private static void PrintCsv(EvaluationDocument evaluation)
    {
        var summary = evaluation.Summary;
        Console.Write(CsvLine.Of("by", "group", "tests", "metric", "value", "low", "high"));
        Row("", "model", summary.Tests, summary.Test, summary.Intervals.GetValueOrDefault("test"));
        foreach (var (floor, metrics) in summary.Floors)
        {
            Row("", floor, summary.Tests, metrics, null);
        }

        if (evaluation.Beside is { } beside)
        {
            Row("", $"beside {beside.Device}", beside.Examples,
                new Dictionary<string, double> { ["ranks that differ"] = beside.Different, ["largest gap"] = beside.LargestGap }, null);
        }

        foreach (var breakdown in evaluation.Breakdowns)
        {
            foreach (var group in breakdown.Groups)
            {
                var metrics = new Dictionary<string, double> { ["hr@10"] = group.HitRate, ["ndcg@10"] = group.Ndcg, ["mrr"] = group.ReciprocalRank };
                Row(breakdown.Name, group.Name, group.Count, metrics, group.NdcgInterval is { } interval
                    ? new Dictionary<string, double[]> { ["ndcg@10"] = interval } : null);
            }
        }
    }

    private static void Row(string by, string group, int tests, IReadOnlyDictionary<string, double> metrics, IReadOnlyDictionary<string, double[]>? intervals)
    {
        foreach (var (metric, value) in metrics)
        {
            var interval = intervals?.GetValueOrDefault(metric);
            Console.Write(CsvLine.Of(
                by, group, tests.ToString(CultureInfo.InvariantCulture), metric, Numbers.Exact(value), Numbers.Exact(interval?[0]),
                Numbers.Exact(interval?[1])));
        }
    }
}
