using System.Globalization;
using System.Text;

namespace LargeRec.Retrieval.Reports;

/// <summary>
/// Lines over a common axis as SVG: round ticks, a title at each point for the mouse, colours and letters from the page around it
/// (<see cref="HtmlPage"/> styles the classes used here), so that it is readable in light and dark. The same chart gives the same text.
/// </summary>
public sealed record LineChart : Chart
{
    private const int Width = 480;
    private const int Height = 270;
    private const int Left = 62;
    private const int Right = 14;
    private const int Top = 10;
    private const int Bottom = 44;
    private const int MostMarks = 60;

    /// <summary>Colours that series take in turn.</summary>
    internal const int Colours = 6;

    public required string XLabel { get; init; }

    public required string YLabel { get; init; }

    /// <summary>At least one with at least one point.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Whether x counts something, so that there are no ticks between whole numbers.</summary>
    public bool HasWholeX { get; init; }

    /// <summary>Whether the axis along is logarithmic; every x is above 0 then.</summary>
    public bool HasLogX { get; init; }

    /// <summary>Whether x is a quantity to be read; if not, neither axis has ticks (a map, say).</summary>
    public bool HasTicks { get; init; } = true;

    internal override IReadOnlyList<(string Name, string Classes)> Legend => Series.Count == 1 ? [] :
    [
        .. Series.Select((series, i) => (series.Name,
            $"{ColourOf(i)}{(series.IsReference ? " reference" : series.Points.Count == 1 || series.IsScatter ? " single" : "")}")),
    ];

    public override string ToSvg()
    {
        var points = Series.SelectMany(series =>
            series.Points.Concat(series.Band.SelectMany(b => (ChartPoint[])[new(b.X, b.Low), new(b.X, b.High)]))).ToArray();
        if (points.Length == 0 || points.Any(p => !double.IsFinite(p.X) || !double.IsFinite(p.Y)))
        {
            throw new ArgumentException($"the chart '{Title}' has no point, or one that is not finite");
        }

        if (HasLogX && points.Any(p => p.X <= 0))
        {
            throw new ArgumentException($"the chart '{Title}' has a logarithmic axis, and a point at {points.Min(p => p.X)}");
        }

        var along = Series.Where(series => !series.IsReference).SelectMany(series => series.Points).DefaultIfEmpty(points[0]).ToArray();
        var (lowX, highX) = (along.Min(p => p.X), along.Max(p => p.X));
        if (HasLogX && lowX == highX)
        {
            (lowX, highX) = (lowX / 2, highX * 2);
        }

        var x = AxisTicks.Covering(lowX, highX, 6, HasWholeX);
        var y = AxisTicks.Covering(points.Min(p => p.Y), points.Max(p => p.Y));
        // Along x the axis ends where the data end: curves would otherwise float between empty margins.
        var frame = lowX < highX ? new Frame(lowX, highX, y.Low, y.High, HasLogX) : new Frame(x.Low, x.High, y.Low, y.High, HasLogX);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{HtmlPage.Escape(Title)}\">\n");
        AppendAxes(svg, frame, y, HasLogX
            ? [.. LogTicks.Between(lowX, highX).Select(tick => (tick, LogTicks.TextOf(tick)))]
            : [.. x.Values.Where(frame.HasX).Select(tick => (tick, x.TextOf(tick)))]);
        for (var i = 0; i < Series.Count; i++)
        {
            AppendBand(svg, frame, Series[i].Band, ColourOf(i));
        }

        for (var i = 0; i < Series.Count; i++)
        {
            AppendSeries(svg, frame, Series[i], ColourOf(i));
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>The class that gives a series its colour.</summary>
    internal static string ColourOf(int series) => string.Create(CultureInfo.InvariantCulture, $"c{(series % Colours) + 1}");

    private void AppendAxes(StringBuilder svg, Frame frame, AxisTicks y, IReadOnlyList<(double Value, string Text)> alongX)
    {
        foreach (var tick in HasTicks ? y.Values : [])
        {
            var at = Text(frame.Y(tick));
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" y1=\"{at}\" x2=\"{Width - Right}\" y2=\"{at}\"/>");
            svg.Append(CultureInfo.InvariantCulture,
                $"<text class=\"tick\" x=\"{Left - 6}\" y=\"{Text(frame.Y(tick) + 4)}\" text-anchor=\"end\">{y.TextOf(tick)}</text>\n");
        }

        foreach (var (tick, label) in HasTicks ? alongX : [])
        {
            var at = Text(frame.X(tick));
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"mark\" x1=\"{at}\" y1=\"{Height - Bottom}\" x2=\"{at}\" y2=\"{Height - Bottom + 4}\"/>");
            svg.Append(CultureInfo.InvariantCulture,
                $"<text class=\"tick\" x=\"{at}\" y=\"{Height - Bottom + 17}\" text-anchor=\"middle\">{label}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture,
            $"<line class=\"mark\" x1=\"{Left}\" y1=\"{Height - Bottom}\" x2=\"{Width - Right}\" y2=\"{Height - Bottom}\"/>\n");
        svg.Append(CultureInfo.InvariantCulture,
            $"<text class=\"axis\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 6}\" text-anchor=\"middle\">{HtmlPage.Escape(XLabel)}</text>\n");
        var middle = (Top + Height - Bottom) / 2;
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"axis\" x=\"13\" y=\"{middle}\" text-anchor=\"middle\" transform=\"rotate(-90 13 "
            + $"{middle})\">{HtmlPage.Escape(YLabel)}</text>\n");
    }

    private void AppendSeries(StringBuilder svg, Frame frame, ChartSeries series, string colour)
    {
        if (series.Points.Count == 0)
        {
            return;
        }

        svg.Append(CultureInfo.InvariantCulture, $"<g class=\"{colour}\">");
        if (series.IsReference)
        {
            var at = Text(frame.Y(series.Points[0].Y));
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"line reference\" x1=\"{Left}\" y1=\"{at}\" x2=\"{Width - Right}\" y2=\"{at}\">");
            svg.Append(CultureInfo.InvariantCulture, $"<title>{HtmlPage.Escape($"{series.Name}: {Exact(series.Points[0].Y)}")}</title></line></g>\n");
            return;
        }

        if (series.Points.Count > 1 && !series.IsScatter)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<polyline class=\"line\" points=\"{string.Join(' ', series.Points.Select(p => $"{Text(frame.X(p.X))},{Text(frame.Y(p.Y))}"))}\"/>");
        }

        var isMarked = series.IsScatter || series.Points.Count <= MostMarks;
        foreach (var point in series.Points)
        {
            var (cx, cy) = (Text(frame.X(point.X)), Text(frame.Y(point.Y)));
            var radius = series.Points.Count == 1 ? 4.5 : 2.5;
            svg.Append("<g>");
            if (isMarked)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"dot\" cx=\"{cx}\" cy=\"{cy}\" r=\"{Text(radius)}\"/>");
            }

            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"hover\" cx=\"{cx}\" cy=\"{cy}\" r=\"7\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<title>{HtmlPage.Escape($"{series.Name}, {XLabel} {Exact(point.X)}: {Exact(point.Y)}")}</title></g>");
        }

        svg.Append("</g>\n");
    }

    private static void AppendBand(StringBuilder svg, Frame frame, IReadOnlyList<ChartBand> band, string colour)
    {
        if (band.Count > 1)
        {
            var there = band.Select(b => $"{Text(frame.X(b.X))},{Text(frame.Y(b.Low))}");
            var back = band.Reverse().Select(b => $"{Text(frame.X(b.X))},{Text(frame.Y(b.High))}");
            svg.Append(CultureInfo.InvariantCulture, $"<polygon class=\"band {colour}\" points=\"{string.Join(' ', there.Concat(back))}\"/>\n");
        }
    }

    private static string Text(double coordinate) => coordinate.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Exact(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>From values to places in the picture.</summary>
    private readonly record struct Frame(double LowX, double HighX, double LowY, double HighY, bool IsLog)
    {
        public double X(double value)
        {
            var share = IsLog ? Math.Log(value / LowX) / Math.Log(HighX / LowX) : (value - LowX) / (HighX - LowX);
            return Left + (share * (Width - Left - Right));
        }

        public double Y(double value) => Height - Bottom - ((value - LowY) / (HighY - LowY) * (Height - Top - Bottom));

        public bool HasX(double value) => value >= LowX - (1e-9 * Math.Abs(LowX)) && value <= HighX + (1e-9 * Math.Abs(HighX));
    }
}
