using System.Globalization;
using LargeRec.Data.Storage;
using LargeRec.Retrieval.Baselines;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Reports;

/// <summary>
/// report.html of a run: what it measured beside the floors, how training went, and all that is needed to do it again. It is made from the run folder alone;
/// the same folder gives the same bytes. A run that is not finished gets what there is.
/// </summary>
public static class RunReport
{
    private static readonly string[] Headlines = ["hr@10", "ndcg@10", "mrr"];

    /// <summary>Writes report.html into the run's folder, whole or not at all.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="RunFolderException">The folder cannot be read.</exception>
    public static string Write(RunFolder folder)
    {
        AtomicFile.WriteText(folder.ReportPath, ToHtml(folder));
        return folder.ReportPath;
    }

    /// <summary>The page.</summary>
    /// <exception cref="RunFolderException">The folder cannot be read.</exception>
    public static string ToHtml(RunFolder folder)
    {
        var run = RunOverview.Read(folder.FolderPath);
        if (run.Configuration is not { } configuration)
        {
            throw new RunFolderException(run.Problem ?? $"{folder.FolderPath}: it cannot be read");
        }

        var page = new HtmlPage($"{run.Name}: {configuration.Model.Backbone.ToString().ToUpperInvariant()} on {NameOf(configuration.Data)}");
        if (run.Summary is { } summary)
        {
            AppendSummary(page, summary);
        }
        else
        {
            page.Paragraph(Invariant($"Not finished: {run.Epochs} of {configuration.Training.Epochs} epochs trained, nothing tested yet."));
        }

        AppendCurves(page, run, folder);
        if (run.Summary?.Cost is { } cost)
        {
            page.Heading("What it took").Table(["", ""], RunCostText.Rows(cost).Select(row => (IReadOnlyList<string>)[row.Name, row.Text]), hasNumbers: false);
        }

        AppendReproduction(page, run, folder);
        AppendConfiguration(page, configuration);
        if (File.Exists(folder.EnvironmentPath))
        {
            AppendEnvironment(page, RunEnvironment.Read(folder.EnvironmentPath));
        }

        return page.ToHtml();
    }

    private static void AppendSummary(HtmlPage page, RunSummary summary)
    {
        page.Note(string.Create(CultureInfo.InvariantCulture,
            $"Test of {summary.Tests:N0} held-out events of {summary.Users:N0} users over {summary.Items:N0} candidates; weights of epoch {summary.Epoch} "
            + $"(step {summary.Step}); {Duration(summary.Seconds)} in all."));
        page.Figures([.. Headlines.Where(summary.Test.ContainsKey)
            .Select(name => (name.ToUpperInvariant(), Metric(summary.Test[name]), BesideFloor(summary, name)))]);
        page.Heading("Metrics");
        var validation = summary.Validation;
        var test = summary.Intervals.GetValueOrDefault("test");
        page.Table(
            ["test", "model", "95% interval", BaselineFloors.Popularity, BaselineFloors.Markov, .. validation is null ? Array.Empty<string>() : ["validation"]],
            summary.Test.Select(metric => (IReadOnlyList<string>)
            [
                metric.Key.ToUpperInvariant(),
                Metric(metric.Value),
                test?.GetValueOrDefault(metric.Key) is [var low, var high] ? $"{Metric(low)} to {Metric(high)}" : "-",
                Metric(Floor(summary, BaselineFloors.Popularity, metric.Key)),
                Metric(Floor(summary, BaselineFloors.Markov, metric.Key)),
                .. validation is null ? Array.Empty<string>() : [Metric(validation.TryGetValue(metric.Key, out var value) ? value : null)],
            ]),
            hasNumbers: true);
        page.Note($"Protocol: {summary.Protocol}. The floors are ranked by the same protocol: popularity counts training events, markov what followed the "
            + $"last item. Intervals are of a bootstrap over the held-out events.");
    }

    private static void AppendCurves(HtmlPage page, RunOverview run, RunFolder folder)
    {
        var charts = new List<LineChart>();
        var training = run.Metrics.Where(record => record.Split == "train").ToArray();
        foreach (var name in training.SelectMany(record => record.Metrics.Select(m => m.Key)).Distinct())
        {
            charts.Add(Chart(name == "loss" ? "Training loss" : name, name, [new ChartSeries(name, Points(training, name))]));
        }

        foreach (var name in Headlines)
        {
            var series = new List<ChartSeries>();
            foreach (var split in (string[])["validation", "test"])
            {
                // A test of the chosen weights alone is a number, not a curve.
                var points = Points([.. run.Metrics.Where(record => record.Split == split)], name);
                if (points.Count > (split == "test" ? 1 : 0))
                {
                    series.Add(new ChartSeries(split, points));
                }
            }

            if (series.Count == 0)
            {
                continue;
            }

            if (run.Summary is { } summary && series[^1].Name == "test")
            {
                series.AddRange(summary.Floors.Where(floor => floor.Value.ContainsKey(name))
                    .Select(floor => new ChartSeries(floor.Key, [new ChartPoint(0, floor.Value[name])]) { IsReference = true }));
            }
            else if (run.Summary is { Validation: { } validation } best && validation.TryGetValue(name, out var value))
            {
                series.Add(new ChartSeries("the weights tested", [new ChartPoint(best.Epoch, value)]));
            }

            charts.Add(Chart($"{name.ToUpperInvariant()} by epoch", name.ToUpperInvariant(), series));
        }

        if (File.Exists(folder.TimingPath))
        {
            var timing = MetricsLog.Read(folder.TimingPath).Where(record => record.Split == "train").ToArray();
            charts.Add(Chart("Speed of the training steps", "events per second", [new ChartSeries("events per second", Points(timing, "tokens_per_second"))]));
        }

        charts.RemoveAll(chart => chart.Series.All(series => series.Points.Count == 0));
        if (charts.Count > 0)
        {
            page.Heading("Training").Charts(charts);
        }
    }

    private static void AppendReproduction(HtmlPage page, RunOverview run, RunFolder folder)
    {
        var path = ShellQuoted(folder.FolderPath);
        page.Heading("To do it again");
        page.Code($"""
            largerec train --config {ShellQuoted(folder.ConfigurationPath)} --run {ShellQuoted(folder.FolderPath.TrimEnd('/', '\\') + "-again")}
            largerec evaluate --run {path}
            largerec recommend --run {path} --all-users --format csv
            largerec runs report {path}
            """);
        page.Note($"The same configuration and data give the same bits on the same SIMD width, whatever the number of threads. This page is made from the "
            + $"folder of the run {run.Name} alone.");
    }

    private static void AppendConfiguration(HtmlPage page, RunConfiguration configuration) => page.Heading("Configuration")
        .Details("every key", inner => inner.Table(
        ["key", "value"], ConfigurationEntries.Of(configuration).Select(entry => (IReadOnlyList<string>)[entry.Key, entry.Value]), hasNumbers: false));

    private static string DeviceOf(RunEnvironment environment) => environment switch
    {
        { SimdWidth: > 0 } => Invariant($"{environment.Device}, {environment.Threads} threads, {environment.SimdWidth} bits a vector"),
        { Kernels: { } kernels } => $"{environment.Device}; {kernels}",
        _ => environment.Device,
    };

    private static void AppendEnvironment(HtmlPage page, RunEnvironment environment) => page.Heading("Environment").Table(
        ["", ""],
        [
            ["LargeRec", environment.Version + (environment.Commit is null ? "" : $", commit {environment.Commit}")],
            ["runtime", environment.Runtime],
            ["system", $"{environment.OperatingSystem}, {environment.Architecture}"],
            ["device", DeviceOf(environment)],
            ["seed", Invariant($"{environment.Seed}")],
        ],
        hasNumbers: false);

    private static LineChart Chart(string title, string label, IReadOnlyList<ChartSeries> series) =>
        new() { Title = title, XLabel = "epoch", YLabel = label, Series = series, HasWholeX = true };

    private static List<ChartPoint> Points(IReadOnlyList<MetricsRecord> records, string name) =>
        [.. from record in records let value = record.Find(name) where value is not null select new ChartPoint(record.Epoch, value.Value)];

    private static string BesideFloor(RunSummary summary, string name)
    {
        var (floor, value) = summary.Floors.Select(f => (f.Key, f.Value.GetValueOrDefault(name))).DefaultIfEmpty(("", 0)).MaxBy(f => f.Item2);
        return value > 0 ? Invariant($"{summary.Test[name] / value:F2} times {floor}") : "";
    }

    private static double? Floor(RunSummary summary, string floor, string metric) =>
        summary.Floors.GetValueOrDefault(floor)?.TryGetValue(metric, out var value) == true ? value : null;

    private static string NameOf(DataConfiguration data) => data.File is { } file ? Path.GetFileName(file) : data.Name;

    private static string Metric(double? value) => value?.ToString("F4", CultureInfo.InvariantCulture) ?? "-";

    private static string Duration(double seconds) =>
        seconds < 120 ? Invariant($"{seconds:F1} s") : seconds < 7200 ? Invariant($"{seconds / 60:F1} minutes") : Invariant($"{seconds / 3600:F1} hours");

    /// <summary>A path as a POSIX shell takes it.</summary>
    private static string ShellQuoted(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
