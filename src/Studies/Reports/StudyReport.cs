using System.Globalization;
using LargeRec.Data.Storage;
using LargeRec.Retrieval.Reports;
using LargeRec.Retrieval.Runs;
using LargeRec.Studies.Definition;
using LargeRec.Studies.Fits;
using LargeRec.Studies.Results;
using LargeRec.Studies.Running;

namespace LargeRec.Studies.Reports;

/// <summary>report.html of a study: results with their intervals, fits, training curves, protocol and commands, in one file that loads nothing.</summary>
public static class StudyReport
{
    private const int CurvePoints = 80;
    private const int MostCurves = 6;

    /// <summary>Writes report.html, whole or not at all.</summary>
    public static void Write(StudyDefinition study, StudyFolder folder, ResultTable table, IReadOnlyList<StudyFit> fits) =>
        AtomicFile.WriteText(folder.ReportPath, ToHtml(study, folder, table, fits));

    /// <summary>The page.</summary>
    public static string ToHtml(StudyDefinition study, StudyFolder folder, ResultTable table, IReadOnlyList<StudyFit> fits)
    {
        var page = new HtmlPage(study.Title);
        var finished = table.Rows.Where(row => row.Summary is not null).ToArray();
        page.Note(Invariant($"{table.Rows.Count} cells, {finished.Length} finished; {string.Join("; ", study.Axes)}."));
        AppendResults(page, study, table);
        var drawn = fits.Where(fit => fit.Fit is not null && fit.Law.Inputs == 1).Select(ChartOf).ToArray();
        if (fits.Count > 0)
        {
            page.Heading("Scaling").Charts(drawn);
            foreach (var fit in fits)
            {
                page.Note(fit.ToString());
            }

            page.Note("Intervals are 95%, of a bootstrap of residuals. Charts are over the logarithm of the size to the base 10; between the two outer "
                + "lines lies the interval of the fit.");
        }

        var curves = finished.Take(MostCurves).Select(CurveOf).Where(series => series.Points.Count > 0).ToArray();
        if (curves.Length > 0)
        {
            page.Heading("Training").Charts(
                new LineChart { Title = "Training loss of the first cells", XLabel = "epoch", YLabel = "loss", Series = curves, HasWholeX = true });
        }

        AppendProtocol(page, study, folder, finished);
        return page.ToHtml();
    }

    private static void AppendResults(HtmlPage page, StudyDefinition study, ResultTable table)
    {
        string[] metrics = [.. study.Metrics.Where(metric => table.Rows.Any(row => row.Find(metric) is not null))];
        page.Heading("Results").Table(
            ["cell", "parameters", "arithmetic", "loss", .. metrics.Select(metric => $"{metric.ToUpperInvariant()} (95%)"), "events/s", "share of peak",
                "memory"],
            table.Rows.Select(row => (IReadOnlyList<string>)
            [
                row.Cell.Name,
                row.Summary?.Cost is { } cost ? Invariant($"{cost.Parameters:N0}") : row.State.ToString().ToLowerInvariant(),
                row.Summary?.Cost is { } arithmetic ? RunCostText.Flops(arithmetic.TrainingFlops) : "-",
                Number(row.Find("loss")),
                .. metrics.Select(metric => WithInterval(row, metric)),
                row.Summary?.Cost is { } speed ? Invariant($"{speed.TokensPerSecond:N0}") : "-",
                row.Summary?.Cost?.Utilization is { } share ? Invariant($"{100 * share:F1}%") : "-",
                row.Summary?.Cost is { } memory ? Invariant($"{memory.DeviceBytes / 1e6:F1} MB") : "-",
            ]),
            hasNumbers: true);
        foreach (var row in table.Rows.Where(row => row.Failure is not null))
        {
            page.Note($"{row.Cell.Name} failed: {row.Failure}");
        }
    }

    private static LineChart ChartOf(StudyFit fit)
    {
        double[] sizes = [.. fit.Sizes.Select(size => size[0])];
        var (low, high) = (Math.Log10(sizes.Min()), Math.Log10(sizes.Max()));
        double[] places = [.. Enumerable.Range(0, CurvePoints).Select(i => low + ((high - low) * i / (CurvePoints - 1)))];
        var means = fit.Sizes.Zip(fit.Values).GroupBy(point => point.First[0]).OrderBy(group => group.Key)
            .Select(group => new ChartPoint(Math.Log10(group.Key), group.Average(point => point.Second)));
        ChartSeries Line(string name, Func<double, double> at) => new(name, [.. places.Select(place => new ChartPoint(place, at(Math.Pow(10, place))))]);
        return new LineChart
        {
            Title = $"{fit.Measure} over {fit.Over}",
            XLabel = "log10 of the size",
            YLabel = fit.Measure,
            Series =
            [
                new ChartSeries("measured, mean of a size", [.. means]),
                Line("fit", size => fit.Fit!.At(size)),
                Line("its interval, low", size => fit.Fit!.IntervalAt(size)!.Value.Low),
                Line("high", size => fit.Fit!.IntervalAt(size)!.Value.High),
            ],
        };
    }

    private static ChartSeries CurveOf(CellResult row) => new(
        row.Cell.Name,
        [.. row.Metrics.Where(record => record.Split == "train" && record.Find("loss") is not null).Select(record =>
            new ChartPoint(record.Epoch, record.Find("loss")!.Value))]);

    private static void AppendProtocol(HtmlPage page, StudyDefinition study, StudyFolder folder, CellResult[] finished)
    {
        page.Heading("Protocol");
        foreach (var protocol in finished.Select(row => row.Summary!.Protocol).Distinct())
        {
            page.Paragraph(protocol);
        }

        page.Heading("To do it again").Code(
            $"largerec study {study.Kind.ToString().ToLowerInvariant()} --config {folder.DefinitionPath} --run {folder.FolderPath}-again");
        if (finished.Length > 0 && RunFolder.Open(folder.PathOf(finished[0].Cell)).EnvironmentPath is { } path && File.Exists(path))
        {
            var environment = RunEnvironment.Read(path);
            page.Note($"LargeRec {environment.Version}{(environment.Commit is { } commit ? $", commit {commit}" : "")}; {environment.Runtime}; "
                + $"{environment.OperatingSystem}; {environment.Device}.");
        }

        page.Details("the study", inner => inner.Code(StudyWriter.ToJson(study)));
    }

    private static string WithInterval(CellResult row, string metric) => ResultTable.IntervalOf(row, metric) is [var low, var high]
        ? $"{Number(row.Find(metric))} ({Number(low)} to {Number(high)})"
        : Number(row.Find(metric));

    private static string Number(double? value) => value?.ToString("F4", CultureInfo.InvariantCulture) ?? "-";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
