using System.Globalization;
using LargeRec.Data.Events;
using LargeRec.Retrieval.Recommendations;

namespace LargeRec.Cli.Output;

/// <summary>Prints lists for people.</summary>
internal static class RecommendationPrinter
{
    /// <param name="writer">Where to.</param>
    /// <param name="lists">Taken one after the other.</param>
    /// <param name="beforeWriting">Makes room on the terminal for what is printed.</param>
    public static void Print(TextWriter writer, IEnumerable<UserRecommendations> lists, Action beforeWriting)
    {
        var isFirst = true;
        foreach (var list in lists)
        {
            beforeWriting();
            if (!isFirst)
            {
                writer.WriteLine();
            }

            isFirst = false;
            writer.WriteLine(DisplayText.Cut(Heading(list), ConsoleWidth.OfOutput()));
            var width = Math.Max(2, list.Items.Count.ToString(CultureInfo.InvariantCulture).Length);
            foreach (var item in list.Items)
            {
                writer.WriteLine(ItemLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {item.Rank.ToString(CultureInfo.InvariantCulture).PadLeft(width)}. {item.Score,6:F3} "), item.ItemId, item.Title));
            }
        }
    }

    /// <summary>An item as title and id behind something, cut to the width.</summary>
    public static string ItemLine(string before, string id, string? title)
    {
        var shown = title is null ? id : $"{title} [{id}]";
        return before + DisplayText.Cut(OneLine.Of(shown), ConsoleWidth.OfOutput() - before.Length);
    }

    private static string Heading(UserRecommendations list)
    {
        var who = list.UserId is null ? "this history" : $"user {OneLine.Of(list.UserId)}";
        var when = list.At is { } at ? $", at {EventTime.ToText(at)}" : "";
        return list.Items.Count == 0 ? $"{who}{when}: nothing is left to recommend" : $"{who}{when}: next, with scores";
    }
}
