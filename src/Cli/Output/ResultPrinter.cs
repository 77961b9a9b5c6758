using System.Globalization;
using LargeRec.Retrieval.Baselines;
using LargeRec.Retrieval.Recommendations;
using LargeRec.Retrieval.Runs;
using LargeRec.Training;
using Spectre.Console;

namespace LargeRec.Cli.Output;

/// <summary>Prints results to stdout.</summary>
internal static class ResultPrinter
{
    private const int ShownUsers = 3;
    private const int ShownItems = 5;
    private const int ShownHistory = 3;

    /// <summary>A finished training: metrics beside the floors, and recommendations for a few users.</summary>
    public static void Print(TrainingResult result)
    {
        PrintMetrics(result.Summary);
        using var recommender = result.OpenRecommender();
        PrintExamples(result, recommender);
        Console.WriteLine($"run folder: {result.Folder.FolderPath}");
    }

    /// <summary>Test metrics with their intervals beside the floors, and the protocol.</summary>
    public static void PrintMetrics(RunSummary summary)
    {
        var console = Plain();
        var table = new Table().Border(TableBorder.Simple).AddColumn("test");
        foreach (var name in new[] { "model", "95% interval", BaselineFloors.Popularity, BaselineFloors.Markov })
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        var intervals = summary.Intervals.GetValueOrDefault("test");
        foreach (var (name, value) in summary.Test)
        {
            table.AddRow(
                MetricNames.Shown(name),
                Number(value),
                intervals is not null && intervals.TryGetValue(name, out var interval) ? $"{Number(interval[0])} - {Number(interval[1])}" : "",
                Number(summary.Floors[BaselineFloors.Popularity][name]),
                Number(summary.Floors[BaselineFloors.Markov][name]));
        }

        console.Write(table);
        Console.WriteLine($"protocol: {summary.Protocol}");
        Console.WriteLine($"{summary.Users:N0} users, {summary.Items:N0} items; weights of epoch {summary.Epoch} (step {summary.Step})");
    }

    private static void PrintExamples(TrainingResult result, Recommender recommender)
    {
        var sequences = result.Data.Sequences;
        for (var user = 0; user < Math.Min(ShownUsers, sequences.UserCount); user++)
        {
            var id = sequences.UserIds.GetText(user);
            var history = sequences.Items[sequences.Offsets[user]..sequences.Offsets[user + 1]];
            Console.WriteLine();
            Console.WriteLine($"user {id}, {history.Length} events, the latest:");
            foreach (var item in history[^Math.Min(ShownHistory, history.Length)..])
            {
                Console.WriteLine($"      {Name(sequences.Catalogue.GetId(item), sequences.Catalogue.GetTitle(item))}");
            }

            Console.WriteLine("  recommended next:");
            foreach (var item in recommender.Recommend(id, ShownItems))
            {
                Console.WriteLine($"   {item.Rank}. {Name(item.ItemId, item.Title)}  {item.Score.ToString("F3", CultureInfo.InvariantCulture)}");
            }
        }

        Console.WriteLine();
    }

    private static string Name(string id, string? title) => title is null ? id : $"{title} [{id}]";

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>Tables without colours, 80 columns wide where stdout is no terminal.</summary>
    private static IAnsiConsole Plain()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 80;
        }

        return console;
    }
}
