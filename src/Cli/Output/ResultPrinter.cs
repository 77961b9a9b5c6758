using System.Globalization;
using LargeRec.Data.Events;
using LargeRec.Retrieval.Recommendations;
using LargeRec.Retrieval.Reports;
using LargeRec.Retrieval.Runs;
using LargeRec.Training;

namespace LargeRec.Cli.Output;

/// <summary>Prints results to stdout, in lines that fit the terminal, or 80 columns where there is none.</summary>
internal static class ResultPrinter
{
    private const int ShownUsers = 3;
    private const int ShownItems = 5;
    private const int ShownHistory = 3;

    /// <summary>A finished training: metrics beside the floors, and recommendations for a few users.</summary>
    public static void Print(TrainingResult result)
    {
        var summary = result.Summary;
        PrintMetrics(summary, WeightsOf(summary));
        PrintCost(summary);
        using var recommender = result.OpenRecommender();
        PrintExamples(result, recommender);
        if (result.Profile is { } profile)
        {
            Console.WriteLine();
            foreach (var line in ProfilePrinter.Lines(profile, ConsoleWidth.OfOutput()))
            {
                Console.WriteLine(line);
            }
        }

        Console.WriteLine();
        Console.WriteLine($"run folder: {result.Folder.FolderPath}");
    }

    /// <summary>Which weights a run was tested with, and whether it stopped early.</summary>
    public static string WeightsOf(RunSummary summary)
    {
        var best = summary.Validation is null ? "" : ", best by validation";
        var early = summary.StoppedEarlyAtEpoch is { } epoch ? string.Create(CultureInfo.InvariantCulture, $"; stopped early at epoch {epoch}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"weights of epoch {summary.Epoch} (step {summary.Step}){best}{early}");
    }

    /// <summary>Test metrics with their intervals beside the floors, and the protocol.</summary>
    /// <param name="weights">Which weights were tested.</param>
    public static void PrintMetrics(RunSummary summary, string weights)
    {
        PrintWrapped(string.Create(
            CultureInfo.InvariantCulture, $"test: {summary.Tests:N0} held-out events of {summary.Users:N0} users, {summary.Items:N0} candidates; {weights}"));
        Console.WriteLine();
        foreach (var line in MetricTable.Lines(summary))
        {
            Console.WriteLine(line);
        }

        Console.WriteLine();
        if (MetricTable.Comparison(summary) is { } comparison)
        {
            Console.WriteLine(comparison);
        }

        PrintWrapped($"protocol: {summary.Protocol}");
    }

    /// <summary>What the training took, where the summary knows.</summary>
    public static void PrintCost(RunSummary summary)
    {
        foreach (var (name, text) in summary.Cost is { } cost ? RunCostText.Rows(cost) : [])
        {
            PrintWrapped($"{name}: {text}");
        }
    }

    private static void PrintExamples(TrainingResult result, Recommender recommender)
    {
        var sequences = result.Data.Sequences;
        for (var user = 0; user < Math.Min(ShownUsers, sequences.UserCount); user++)
        {
            var id = sequences.UserIds.GetText(user);
            var history = sequences.Items[sequences.Offsets[user]..sequences.Offsets[user + 1]];
            Console.WriteLine();
            Console.WriteLine($"user {OneLine.Of(id)}: the latest of {history.Length} events");
            foreach (var item in history[^Math.Min(ShownHistory, history.Length)..])
            {
                PrintItem("            ", sequences.Catalogue.GetId(item), sequences.Catalogue.GetTitle(item));
            }

            var recommended = recommender.Recommend(id, ShownItems);
            Console.WriteLine(recommended.Count == 0 ? "  nothing to recommend: the history holds every item" : "  recommended next, with scores");
            foreach (var item in recommended)
            {
                PrintItem(string.Create(CultureInfo.InvariantCulture, $"  {item.Rank,2}. {item.Score,6:F3} "), item.ItemId, item.Title);
            }
        }
    }

    private static void PrintItem(string before, string id, string? title) => Console.WriteLine(RecommendationPrinter.ItemLine(before, id, title));

    /// <summary>Running text in lines that fit.</summary>
    public static void PrintWrapped(string text)
    {
        foreach (var line in DisplayText.Wrap(text, ConsoleWidth.OfOutput(), indent: 2))
        {
            Console.WriteLine(line);
        }
    }
}
