using System.Globalization;
using LargeRec.Data.Storage;
using LargeRec.Retrieval.Reports;
using LargeRec.Retrieval.Runs;
using LargeRec.Studies.Definition;
using LargeRec.Studies.Embeddings;
using LargeRec.Studies.Fits;
using LargeRec.Studies.Results;
using LargeRec.Studies.Running;

namespace LargeRec.Studies.Reports;

/// <summary>report.html of a study: results with their intervals, fits, training curves, protocol and commands, in one file that loads nothing.</summary>
public static class StudyReport
{
    private const int CurvePoints = 80;
    private const int MostCurves = 6;
    private const int MostRows = 40;
    private const int MostMaps = 6;

    private static readonly string[] PopularityNames = ["rare items", "middling", "popular"];

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
        AppendComparison(page, study, finished);
        (string Name, CellResult Row)[] first = [.. finished.Select(row => (Name: NameOf(study, row), Row: row)).DistinctBy(cell => cell.Name)];
        var drawn = fits.Where(fit => fit.Fit is not null && fit.Law.Inputs == 1).Select(ChartOf).ToArray();
        if (fits.Count > 0)
        {
            page.Heading("Scaling").Charts(drawn);
            foreach (var fit in fits)
            {
                page.Note(fit.ToString());
            }

            page.Note("Intervals are 95%, of a bootstrap of residuals. Axes along are logarithmic; the surface around a fit is its interval.");
        }

        var curves = first.Take(MostCurves).Select(cell => CurveOf(cell.Name, cell.Row)).Where(series => series.Points.Count > 0).ToArray();
        if (curves.Length > 0)
        {
            page.Heading("Training").Charts(
                new LineChart { Title = "Training loss", XLabel = "epoch", YLabel = "loss", Series = curves, HasWholeX = true });
        }

        AppendEmbeddings(page, folder, first);
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

    /// <summary>Values of the axes beside each other, seeds averaged: metrics with intervals, then what they took.</summary>
    private static void AppendComparison(HtmlPage page, StudyDefinition study, CellResult[] finished)
    {
        var groups = finished.GroupBy(row => NameOf(study, row)).ToArray();
        if (groups.Length is < 2 or > MostRows)
        {
            return;
        }

        var charts = new List<Chart>();
        foreach (var metric in study.Metrics.Where(metric => finished.All(row => row.Find(metric) is not null)))
        {
            charts.Add(new IntervalChart
            {
                Title = $"{metric.ToUpperInvariant()} of the test",
                Label = metric.ToUpperInvariant(),
                Rows = [.. groups.Select(group => new IntervalRow(group.Key, group.Average(row => row.Find(metric)!.Value), MeanInterval(group, metric)))],
            });
        }

        charts.Add(Bars("Speed of training", "events a second", cost => cost.TokensPerSecond));
        charts.Add(Bars("Memory of the device", "MB", cost => cost.DeviceBytes / 1e6));
        page.Heading("Beside each other").Charts(charts)
            .Note("Means over the seeds; intervals are 95% over the tested users, their ends averaged over the seeds. "
            + "The dashed line is the first one's.");

        IntervalChart Bars(string title, string label, Func<RunCost, double> value) => new()
        {
            Title = title,
            Label = label,
            HasBars = true,
            Rows = [.. groups.Select(group => new IntervalRow(group.Key, group.Average(row => row.Summary?.Cost is { } cost ? value(cost) : 0)))],
        };
    }

    /// <summary>A cell by its places on the axes, the seed apart.</summary>
    private static string NameOf(StudyDefinition study, CellResult row) =>
        string.Join(", ", study.Axes.Select(axis => row.Cell.Labels.GetValueOrDefault(axis.Name)).Where(label => label is not null));

    private static (double Low, double High)? MeanInterval(IEnumerable<CellResult> rows, string metric)
    {
        double[][] intervals = [.. rows.Select(row => ResultTable.IntervalOf(row, metric)).OfType<double[]>()];
        return intervals.Length == 0 ? null : (intervals.Average(i => i[0]), intervals.Average(i => i[1]));
    }

    /// <summary>How far items lie from the origin in the first cells, and maps of a sample of each.</summary>
    private static void AppendEmbeddings(HtmlPage page, StudyFolder folder, (string Name, CellResult Row)[] first)
    {
        var known = first.Take(MostMaps).Select(cell => (cell.Name, Analysis: EmbeddingAnalysis.Of(RunFolder.Open(folder.PathOf(cell.Row.Cell)))))
            .Where(found => found.Analysis is not null).ToArray();
        if (known.Length == 0)
        {
            return;
        }

        var charts = new List<Chart>
        {
            new LineChart
            {
                Title = "Distance of items from the origin",
                XLabel = "share of the items, nearest first",
                YLabel = "length of the embedding",
                Series = [.. known.Select(found => new ChartSeries(found.Name, Quantiles(found.Analysis!.Norms)))],
            },
        };
        foreach (var (name, analysis) in known)
        {
            charts.Add(Map($"{name}: principal components", Invariant($"first ({100 * analysis!.Shares[0]:F0}% of the variance)"),
                analysis.Shares.Length > 1 ? Invariant($"second ({100 * analysis.Shares[1]:F0}%)") : "none", analysis.Principal, analysis.Popularity));
            charts.Add(Map($"{name}: t-SNE", "neighbours lie near each other; axes mean nothing", "", analysis.Neighbours, analysis.Popularity));
        }

        page.Heading("Embeddings of items").Charts(charts)
            .Note(Invariant($"Of the weights that were tested. Maps show up to {EmbeddingAnalysis.Sample} items spread evenly over popularity."));
    }

    private static LineChart Map(string title, string along, string up, double[][] places, IReadOnlyList<int> popularity) => new()
    {
        Title = title,
        XLabel = along,
        YLabel = up,
        HasTicks = false,
        Series =
        [
            .. PopularityNames.Select((name, third) => new ChartSeries(
                name, [.. places.Where((_, i) => popularity[i] == third).Select(place => new ChartPoint(place[0], place.Length > 1 ? place[1] : 0))])
            {
                IsScatter = true,
            }),
        ],
    };

    private static ChartPoint[] Quantiles(IReadOnlyList<double> ascending) =>
    [
        .. Enumerable.Range(0, CurvePoints + 1).Select(i => new ChartPoint(
            (double)i / CurvePoints, ascending[(int)Math.Round((double)i / CurvePoints * (ascending.Count - 1))])),
    ];

    private static LineChart ChartOf(StudyFit fit)
    {
        double[] sizes = [.. fit.Sizes.Select(size => size[0])];
        var (low, high) = (sizes.Min(), sizes.Max());
        double[] places = [.. Enumerable.Range(0, CurvePoints).Select(i => low * Math.Pow(high / low, (double)i / (CurvePoints - 1)))];
        var means = fit.Sizes.Zip(fit.Values).GroupBy(point => point.First[0]).OrderBy(group => group.Key)
            .Select(group => new ChartPoint(group.Key, group.Average(point => point.Second)));
        return new LineChart
        {
            Title = $"{fit.Measure} over {fit.Over}",
            XLabel = fit.Over,
            YLabel = fit.Measure,
            HasLogX = true,
            Series =
            [
                new ChartSeries("measured, mean of a size", [.. means]) { IsScatter = true },
                new ChartSeries("fit and its interval", [.. places.Select(size => new ChartPoint(size, fit.Fit!.At(size)))])
                {
                    Band = [.. places.Select(size => (size, fit.Fit!.IntervalAt(size)!.Value)).Select(b => new ChartBand(b.size, b.Value.Low, b.Value.High))],
                },
            ],
        };
    }

    private static ChartSeries CurveOf(string name, CellResult row) => new(
        name,
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
