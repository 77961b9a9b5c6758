using System.Globalization;

namespace LargeRec.Cli.Output;

/// <summary>Numbers as text, the same in every country.</summary>
internal static class Numbers
{
    /// <summary>A metric for people: four digits, or a dash where there is none.</summary>
    public static string Metric(double? value) => value?.ToString("F4", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>An interval for people.</summary>
    public static string Interval((double Low, double High)? interval) => interval is { } known ? $"{Metric(known.Low)} to {Metric(known.High)}" : "-";

    /// <summary>Seconds for people: two digits below ten, whole ones above.</summary>
    public static string Seconds(double? seconds) => seconds?.ToString(seconds < 10 ? "F2" : "F0", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>The shortest text that reads back as the same number, or nothing.</summary>
    public static string Exact(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
