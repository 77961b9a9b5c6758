using System.Globalization;
using System.Text;

namespace LargeRec.Retrieval.Reports;

/// <summary>
/// Values below each other, each with its name: marks with intervals and a line down from the first to compare with, or bars from 0 on. An axis of marks
/// covers what there is, since a bar that does not begin at 0 would lie about sizes.
/// </summary>
public sealed record IntervalChart : Chart
{
    private const int Width = 480;
    private const int Right = 60;
    private const int Top = 6;
    private const int Bottom = 40;
    private const int RowHeight = 24;
    private const int LetterWidth = 7;
    private const int MostLetters = 30;

    /// <summary>What the values are.</summary>
    public required string Label { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<IntervalRow> Rows { get; init; }

    /// <summary>Bars from 0 on, for what can be added up (bytes, events a second).</summary>
    public bool HasBars { get; init; }

    public override string ToSvg()
    {
        double[] numbers = [.. Rows.SelectMany(row => row.Interval is var (low, high) ? [row.Value, low, high] : (double[])[row.Value])];
        if (numbers.Length == 0 || !numbers.All(double.IsFinite))
        {
            throw new ArgumentException($"the chart '{Title}' has no row, or a number that is not finite");
        }

        var ticks = AxisTicks.Covering(HasBars ? Math.Min(0, numbers.Min()) : numbers.Min(), HasBars ? Math.Max(0, numbers.Max()) : numbers.Max(), 4);
        var left = 14 + (LetterWidth * Math.Min(MostLetters, Rows.Max(row => row.Name.Length)));
        var bottom = Top + (RowHeight * Rows.Count);
        double At(double value) => left + ((value - ticks.Low) / (ticks.High - ticks.Low) * (Width - left - Right));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg class=\"chart\" viewBox=\"0 0 {Width} {bottom + Bottom}\" role=\"img\" aria-label=\"{HtmlPage.Escape(Title)}\">\n");
        foreach (var tick in ticks.Values)
        {
            var x = Text(At(tick));
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{x}\" y1=\"{Top}\" x2=\"{x}\" y2=\"{bottom}\"/>");
            svg.Append(CultureInfo.InvariantCulture,
                $"<text class=\"tick\" x=\"{x}\" y=\"{bottom + 15}\" text-anchor=\"middle\">{ticks.TextOf(tick)}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture,
            $"<text class=\"axis\" x=\"{Text((left + Width - Right) / 2.0)}\" y=\"{bottom + 34}\" text-anchor=\"middle\">{HtmlPage.Escape(Label)}</text>\n");
        if (!HasBars && Rows.Count > 1)
        {
            var x = Text(At(Rows[0].Value));
            svg.Append(CultureInfo.InvariantCulture,
                $"<g class=\"c2\"><line class=\"line reference\" x1=\"{x}\" y1=\"{Top}\" x2=\"{x}\" y2=\"{bottom}\"/></g>\n");
        }

        for (var i = 0; i < Rows.Count; i++)
        {
            AppendRow(svg, Rows[i], Top + (RowHeight * i) + (RowHeight / 2), left, At);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private void AppendRow(StringBuilder svg, IntervalRow row, int y, int left, Func<double, double> at)
    {
        var name = row.Name.Length <= MostLetters ? row.Name : string.Concat(row.Name.AsSpan(0, MostLetters - 1), "…");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"name\" x=\"{left - 8}\" y=\"{y + 4}\" text-anchor=\"end\">{HtmlPage.Escape(name)}</text>");
        svg.Append("<g class=\"c1\">");
        if (HasBars)
        {
            var (from, to) = (at(Math.Min(0, row.Value)), at(Math.Max(0, row.Value)));
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"bar\" x=\"{Text(from)}\" y=\"{y - 7}\" width=\"{Text(to - from)}\" height=\"14\"/>");
        }
        else
        {
            if (row.Interval is var (low, high))
            {
                svg.Append(CultureInfo.InvariantCulture, $"<line class=\"line\" x1=\"{Text(at(low))}\" y1=\"{y}\" x2=\"{Text(at(high))}\" y2=\"{y}\"/>");
            }

            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"dot\" cx=\"{Text(at(row.Value))}\" cy=\"{y}\" r=\"4\"/>");
        }

        var between = row.Interval is var (from95, to95) ? $" ({Exact(from95)} to {Exact(to95)})" : "";
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"hover\" x=\"0\" y=\"{y - 11}\" width=\"{Width}\" height=\"22\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{HtmlPage.Escape($"{row.Name}: {Exact(row.Value)}{between}")}</title></g>");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{Width - Right + 6}\" y=\"{y + 4}\">{Exact(row.Value)}</text>\n");
    }

    private static string Text(double coordinate) => coordinate.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Short enough for the margin: 0.0322, 23.5, 292.34k.</summary>
    private static string Exact(double value) => Math.Abs(value) >= 10_000 ? LogTicks.TextOf(value)
        : value.ToString(Math.Abs(value) >= 10 ? "0.#" : "0.####", CultureInfo.InvariantCulture);
}
