using System.Globalization;
using LargeRec.Retrieval.Baselines;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli.Output;

/// <summary>Test metrics as lines: the model with its interval beside the floors.</summary>
internal static class MetricTable
{
    private const int NameWidth = 8;
    private static readonly string[] Headlines = ["ndcg@10", "mrr"];

    public static IEnumerable<string> Lines(RunSummary summary)
    {
        var intervals = summary.Intervals.GetValueOrDefault("test");
        yield return Row("", "model", "95% interval", BaselineFloors.Popularity, BaselineFloors.Markov);
        foreach (var (name, value) in summary.Test)
        {
            yield return Row(
                MetricNames.Shown(name),
                Number(value),
                intervals is not null && intervals.TryGetValue(name, out var interval) ? $"{Number(interval[0])} to {Number(interval[1])}" : "-",
                Number(summary.Floors[BaselineFloors.Popularity][name]),
                Number(summary.Floors[BaselineFloors.Markov][name]));
        }
    }

    /// <summary>How far above the better floor the model is, in one metric; null where both floors are 0.</summary>
    public static string? Comparison(RunSummary summary)
    {
        var name = Headlines.First(summary.Test.ContainsKey);
        var (floor, value) = summary.Floors.Select(f => (f.Key, f.Value[name])).MaxBy(f => f.Item2);
        return value > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{MetricNames.Shown(name)} is {summary.Test[name] / value:F2} times the better floor's ({floor})")
            : null;
    }

    private static string Row(string name, string model, string interval, string popularity, string markov) =>
        $"{name,-NameWidth}  {model,8}  {interval,16}  {popularity,10}  {markov,8}";

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
