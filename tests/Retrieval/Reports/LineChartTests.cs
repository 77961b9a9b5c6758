using System.Globalization;
using System.Xml.Linq;
using LargeRec.Retrieval.Reports;

namespace LargeRec.Retrieval.Tests.Reports;

public sealed class LineChartTests
{
    [Test]
    public void A_higher_value_stands_higher_and_a_later_one_further_right()
    {
        var places = Chart([new(1, 10), new(2, 30), new(4, 20)]).Descendants("polyline").Single().Attribute("points")!.Value
            .Split(' ').Select(p => p.Split(',').Select(c => double.Parse(c, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        Assert.That(places.Select(p => p[0]), Is.Ordered);
        Assert.That(places[1][0] - places[0][0], Is.EqualTo((places[2][0] - places[1][0]) / 2).Within(0.02));
        Assert.That(places.OrderBy(p => p[1]), Is.EqualTo(new[] { places[1], places[2], places[0] }));
        Assert.That(places[2][1], Is.EqualTo((places[0][1] + places[1][1]) / 2).Within(0.02));
    }

    [Test]
    public void Every_point_says_its_value_to_the_mouse() =>
        Assert.That(Chart([new(1, 0.123456), new(2, 0.5)]).Descendants("title").Select(t => t.Value),
            Is.EqualTo(new[] { "loss, epoch 1: 0.123456", "loss, epoch 2: 0.5" }));

    [Test]
    public void One_point_is_a_mark_and_many_are_a_line_without_marks()
    {
        Assert.That(Count(Chart([new(3, 0.5)]), "polyline", "line"), Is.Zero);
        Assert.That(Count(Chart([new(3, 0.5)]), "circle", "dot"), Is.EqualTo(1));
        var many = Chart([.. Enumerable.Range(1, 100).Select(i => new ChartPoint(i, i))]);
        Assert.That(Count(many, "circle", "dot"), Is.Zero);
        Assert.That(many.Descendants("title").Count(), Is.EqualTo(100));
    }

    [Test]
    public void A_reference_goes_from_edge_to_edge()
    {
        var chart = Svg(new LineChart
        {
            Title = "t",
            XLabel = "x",
            YLabel = "y",
            Series = [new("a", [new(1, 1), new(2, 2)]), new("floor", [new(0, 1.5)]) { IsReference = true }]
        });
        var line = chart.Descendants("line").Single(l => l.Attribute("class")!.Value.Contains("reference", StringComparison.Ordinal));
        Assert.That(line.Attribute("y1")!.Value, Is.EqualTo(line.Attribute("y2")!.Value));
        Assert.That(line.Element("title")!.Value, Is.EqualTo("floor: 1.5"));
        Assert.That(chart.Descendants("text").Select(t => t.Value), Has.None.EqualTo("0"), "x = 0 of a reference does not stretch the axis");
    }

    [Test]
    public void Nothing_and_infinity_cannot_be_drawn()
    {
        Assert.That(() => Chart([]), Throws.ArgumentException.With.Message.Contains("the chart 't' has no point"));
        Assert.That(() => Chart([new(1, double.PositiveInfinity)]), Throws.ArgumentException);
    }

    private static int Count(XElement svg, string name, string kind) => svg.Descendants(name).Count(e => e.Attribute("class")!.Value == kind);

    private static XElement Chart(ChartPoint[] points) =>
        Svg(new LineChart { Title = "t", XLabel = "epoch", YLabel = "loss", Series = [new ChartSeries("loss", points)], HasWholeX = true });

    private static XElement Svg(LineChart chart) => XElement.Parse(chart.ToSvg());
}
