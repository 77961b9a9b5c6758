using System.Globalization;
using System.Text;

namespace LargeRec.Bench.Results;

/// <summary>The tables of speed in the README, made from the files of bench/results.</summary>
public static class ReadmeTable
{
    private const string Begin = "<!-- bench/results: written by `bench readme` -->\n";
    private const string End = "<!-- end of bench/results -->";

    /// <summary>A README with its tables in place of those that stood between the markers.</summary>
    /// <exception cref="InvalidOperationException">The markers are missing.</exception>
    public static string Rewrite(string readme, IEnumerable<MachineReport> reports)
    {
        var begin = readme.IndexOf(Begin, StringComparison.Ordinal);
        var end = readme.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? readme[..(begin + Begin.Length)] + Render(reports) + readme[end..]
            : throw new InvalidOperationException($"the README has no lines '{Begin.Trim()}' and '{End}'");
    }

    /// <summary>The reports of a folder, by file name.</summary>
    public static IReadOnlyList<MachineReport> ReadAll(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(MachineReport.Read)];

    public static string Render(IEnumerable<MachineReport> reports)
    {
        var text = new StringBuilder();
        foreach (var report in reports)
        {
            text.Append(Machine(report)).Append('\n');
            Jobs(text, report);
            Products(text, report);
        }

        return text.ToString();
    }

    private static string Machine(MachineReport report)
    {
        var machine = report.Machine;
        var runs = report.Jobs.Select(j => j.Circumstances).Concat(report.Products.Select(p => p.Circumstances)).ToArray();
        var versions = report.Jobs.SelectMany(j => j.Peers).SelectMany(p => p.Versions).Select(v => $"{v.Key} {v.Value}").Distinct()
            .Order(StringComparer.Ordinal);
        var runtimes = runs.Select(r => r.Runtime).Distinct().Order(StringComparer.Ordinal);
        var (first, last) = (runs.Min(r => r.Date), runs.Max(r => r.Date));
        var loads = runs.Select(r => r.Load).OfType<double>().ToArray();
        var load = loads.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; load before the runs {loads.Min():0.#} to {loads.Max():0.#}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{machine.Processor}, {machine.Cores} cores, {machine.SimdBits}-bit SIMD, {machine.MemoryGib:0} GiB; "
            + $"{string.Join(", ", runtimes.Concat(versions))}; {(first == last ? first : $"{first} to {last}")}{load}.\n");
    }

    private static void Jobs(StringBuilder text, MachineReport report)
    {
        if (report.Jobs.Count == 0)
        {
            return;
        }

        var variants = report.Jobs.SelectMany(j => j.Peers).Select(p => p.Variant).Distinct().Order(StringComparer.Ordinal).ToArray();
        text.Append(CultureInfo.InvariantCulture,
            $"| job | threads | time | least possible / time |{string.Concat(variants.Select(v => $" {v} PyTorch takes |"))}\n");
        text.Append(CultureInfo.InvariantCulture, $"|---|---|---|---|{string.Concat(variants.Select(_ => "---|"))}\n");
        foreach (var job in report.Jobs.OrderByDescending(j => j.Job, StringComparer.Ordinal).ThenBy(j => j.Title, StringComparer.Ordinal)
            .ThenBy(j => j.Circumstances.Threads))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {job.Title} | {job.Circumstances.Threads} | {Time(job.Seconds)} | {100 * job.ShareOfFloor:0}% |");
            foreach (var variant in variants)
            {
                var peer = job.Peers.FirstOrDefault(p => p.Variant == variant);
                text.Append(CultureInfo.InvariantCulture, $" {(peer is null ? "-" : $"{Ratio(peer.Ratio)} times as long")} |");
            }

            text.Append('\n');
        }

        text.Append('\n');
    }

    private static void Products(StringBuilder text, MachineReport report)
    {
        if (report.Products.Count == 0)
        {
            return;
        }

        text.Append("| matrix products | threads | OpenBLAS takes (geometric mean) | at OpenBLAS's best shape |\n|---|---|---|---|\n");
        foreach (var products in report.Products.OrderBy(p => p.Circumstances.Threads))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {products.Rows.Count} shapes | {products.Circumstances.Threads} | {products.GeometricMean:0.00} times as long | "
                + $"{products.Lowest:0.00} |\n");
        }

        text.Append('\n');
    }

    private static string Time(double seconds) => seconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{1000 * seconds:G3} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s");

    private static string Ratio(double ratio) => ratio.ToString(ratio < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
