using System.Globalization;
using System.Xml.Linq;
using LargeRec.Retrieval.Reports;

namespace LargeRec.Retrieval.Tests.Reports;

public sealed class IntervalChartTests
{
    [Test]
    public void Intervals_lie_around_their_values_and_the_first_value_has_a_line_down()
    {
        var svg = Svg(new IntervalChart { Title = "t", Label = "hr", Rows = [new("a", 0.3, (0.2, 0.35)), new("b", 0.4, (0.3, 0.5))] });
        var dots = Places(svg, "circle", "dot", "cx");
        var lows = Places(svg, "line", "line", "x1");
        var highs = Places(svg, "line", "line", "x2");
        Assert.That(dots, Has.Length.EqualTo(2));
        Assert.That(lows.Zip(dots).Zip(highs).All(p => p.First.First < p.First.Second && p.First.Second < p.Second));
        Assert.That(dots[1], Is.GreaterThan(dots[0]));
        Assert.That(Places(svg, "line", "line reference", "x1"), Is.EqualTo(new[] { dots[0] }));
    }

    [Test]
    public void Bars_begin_at_0_and_are_as_long_as_their_values()
    {
        var svg = Svg(new IntervalChart { Title = "t", Label = "MB", HasBars = true, Rows = [new("a", 10), new("b", 40)] });
        var widths = Places(svg, "rect", "bar", "width");
        Assert.That(widths[1], Is.EqualTo(4 * widths[0]).Within(0.05));
        Assert.That(Places(svg, "rect", "bar", "x").Distinct().Count(), Is.EqualTo(1));
        Assert.That(Places(svg, "line", "line reference", "x1"), Is.Empty);
    }

    [Test]
    public void Long_names_are_cut_and_said_whole_to_the_mouse()
    {
        var name = new string('x', 50);
        var svg = Svg(new IntervalChart { Title = "t", Label = "hr", Rows = [new(name, 1)] });
        Assert.That(svg.Descendants("text").Single(t => (string)t.Attribute("class")! == "name").Value, Is.EqualTo(new string('x', 29) + "…"));
        Assert.That(svg.Descendants("title").Single().Value, Is.EqualTo($"{name}: 1"));
    }

    [Test]
    public void What_cannot_be_drawn_is_an_error()
    {
        Assert.That(() => new IntervalChart { Title = "t", Label = "hr", Rows = [] }.ToSvg(), Throws.ArgumentException);
        Assert.That(() => new IntervalChart { Title = "t", Label = "hr", Rows = [new("a", 1, (0, double.NaN))] }.ToSvg(), Throws.ArgumentException);
    }

    [TestCase(3e5, 2e7, new[] { "500k", "1M", "2M", "5M", "10M", "20M" })]
    [TestCase(2e3, 9e3, new[] { "2k", "5k" })]
    [TestCase(1, 1e30, new[] { "1", "100k", "10G", "1e15", "1e20", "1e25", "1e30" })]
    public void Ticks_of_a_logarithmic_axis_are_round_and_few(double low, double high, string[] expected) =>
        Assert.That(LogTicks.Between(low, high).Select(LogTicks.TextOf), Is.EqualTo(expected));

    [Test]
    public void On_a_logarithmic_axis_equal_factors_are_equal_distances_and_bands_lie_behind()
    {
        var svg = Svg(new LineChart
        {
            Title = "t",
            XLabel = "x",
            YLabel = "y",
            HasLogX = true,
            Series = [new("s", [new(1, 1), new(10, 2), new(100, 3)]) { IsScatter = true, Band = [new(1, 0, 2), new(100, 2, 4)] }],
        });
        var at = Places(svg, "circle", "dot", "cx");
        Assert.That(at[1] - at[0], Is.EqualTo(at[2] - at[1]).Within(0.02));
        Assert.That(svg.Descendants("polyline"), Is.Empty);
        Assert.That(svg.Descendants("polygon").Single().Attribute("points")!.Value.Split(' '), Has.Length.EqualTo(4));
        Assert.That(
            () => new LineChart { Title = "t", XLabel = "x", YLabel = "y", HasLogX = true, Series = [new("s", [new(0, 1)])] }.ToSvg(),
            Throws.ArgumentException);
    }

    private static XElement Svg(Chart chart) => XElement.Parse(chart.ToSvg());

    private static double[] Places(XElement svg, string element, string name, string attribute) =>
    [
        .. svg.Descendants(element).Where(e => (string?)e.Attribute("class") == name)
            .Select(e => double.Parse(e.Attribute(attribute)!.Value, CultureInfo.InvariantCulture)),
    ];
}
