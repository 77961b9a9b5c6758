using System.Globalization;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;

namespace LargeRec.Cli.Output;

/// <summary>Prints a data set's numbers to stdout, in lines that fit the terminal.</summary>
internal static class InspectionPrinter
{
    private const int NameWidth = 16;

    public static void Print(InspectionDocument document)
    {
        var statistics = document.Statistics;
        Row("data", OneLine.Of(document.Name));
        Row("users", Invariant($"{statistics.Users:N0}"));
        Row("items", Invariant($"{statistics.Items:N0} with events, {statistics.Candidates:N0} candidates"));
        Row("events", Invariant($"{statistics.Events:N0}; density {100 * statistics.Density:F3}%"));
        var quantiles = statistics.LengthQuantiles;
        Row("events a user",
            Invariant($"{statistics.MinLength:N0} to {statistics.MaxLength:N0}, median {statistics.MedianLength:N1}, mean {statistics.MeanLength:N1}"));
        Row("", Invariant($"10% {quantiles.P10:N0}, 25% {quantiles.P25:N0}, 75% {quantiles.P75:N0}, 90% {quantiles.P90:N0}, 99% {quantiles.P99:N0}"));
        Row("repeats", string.Create(CultureInfo.InvariantCulture,
            $"{Of(statistics.RepeatedEvents, statistics)} of an item the user had before, {Of(statistics.ConsecutiveRepeats, statistics)} of the "
            + $"one just before"));
        Row("times", Times(statistics));
        if (statistics.FirstTime is not null)
        {
            Row("ties", Invariant($"{Of(statistics.TiedEvents, statistics)} at the time of the event before; {statistics.UsersTiedAtEnd:N0} users' last two"));
        }

        Row("popularity", string.Create(CultureInfo.InvariantCulture,
            $"entropy {statistics.ItemEntropy:F2} of {Math.Log2(Math.Max(1, statistics.Items)):F2} bits, Gini {statistics.ItemGini:F3}, top tenth has "
            + $"{100 * statistics.TopTenthShare:F1}%"));
        Row("order", string.Create(CultureInfo.InvariantCulture,
            $"Lempel-Ziv entropy {document.LempelZivEntropy:F2} bits an event, mean of {document.LempelZivUsers:N0} users; approximate "
            + $"entropy {document.ApproximateEntropy:F2}, of an event after another"));
        if (document.Leakage is { } leakage)
        {
            Console.WriteLine();
            foreach (var line in (IEnumerable<string>)[.. document.Split ?? [], .. leakage.Lines()])
            {
                foreach (var part in DisplayText.Wrap(line, ConsoleWidth.OfOutput(), indent: 2))
                {
                    Console.WriteLine(part);
                }
            }
        }
    }

    private static string Times(SequenceStatistics statistics) => statistics is { FirstTime: { } first, LastTime: { } last }
        ? Invariant($"{Text(first)} to {Text(last)}, {(last - first) / 86_400_000.0:N1} days")
        : "none: events are in the order of the file";

    private static string Text(long milliseconds) => milliseconds is >= -62_135_596_800_000 and < 253_402_300_800_000
        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
        : Invariant($"{milliseconds} ms");

    private static string Of(long count, SequenceStatistics statistics) => Invariant($"{100.0 * count / Math.Max(1, statistics.Events):F1}%");

    private static void Row(string name, string text)
    {
        var isFirst = true;
        foreach (var part in DisplayText.Wrap(text, ConsoleWidth.OfOutput() - NameWidth, indent: 0))
        {
            Console.WriteLine($"{(isFirst ? name : "").PadRight(NameWidth)}{part}");
            isFirst = false;
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
