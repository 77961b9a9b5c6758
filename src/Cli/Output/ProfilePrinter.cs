using System.Globalization;
using LargeRec.Engine.Profiling;

namespace LargeRec.Cli.Output;

/// <summary>A profile as a table: what takes longest first.</summary>
internal static class ProfilePrinter
{
    /// <param name="width">The lines' width at most.</param>
    public static IEnumerable<string> Lines(StepProfile profile, int width)
    {
        var steps = profile.Steps.Count;
        var table = new TextTable(("operation", false), ("pass", false), ("calls a step", true), ("ms a step", true), ("%", true));
        foreach (var row in profile.Rows())
        {
            table.Add(
                row.Name,
                row.Phase == ProfilePhase.Rest ? "" : row.Phase.ToString().ToLowerInvariant(),
                Number((double)row.Calls / steps, "0.##"),
                Number(row.MillisecondsAStep, "0.00"),
                Number(100 * row.Share, "0.0"));
        }

        table.Add("all", "", "", Number(profile.Total.TotalMilliseconds / steps, "0.00"), "100.0");
        return [$"where the time of {steps} steps went", .. table.Lines(width)];
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
