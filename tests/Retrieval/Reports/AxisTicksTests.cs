using CsCheck;
using LargeRec.Retrieval.Reports;

namespace LargeRec.Retrieval.Tests.Reports;

public sealed class AxisTicksTests
{
    [TestCase(0, 1, "0 0.2 0.4 0.6 0.8 1.0")]
    [TestCase(0.0231, 0.0693, "0.02 0.03 0.04 0.05 0.06 0.07")]
    [TestCase(3.87, 6.78, "3 4 5 6 7")]
    [TestCase(-3, 7, "-4 -2 0 2 4 6 8")]
    [TestCase(60_000, 151_000, "60k 80k 100k 120k 140k 160k")]
    [TestCase(2_000_000, 21_000_000, "0 5M 10M 15M 20M 25M")]
    [TestCase(0, 0.0005, "0 1e-4 2e-4 3e-4 4e-4 5e-4")]
    [TestCase(5, 5, "2 3 4 5 6 7 8")]
    [TestCase(0, 0, "-0.6 -0.4 -0.2 0 0.2 0.4 0.6")]
    public void Ticks_are_round(double low, double high, string expected)
    {
        var ticks = AxisTicks.Covering(low, high);
        Assert.That(string.Join(' ', ticks.Values.Select(ticks.TextOf)), Is.EqualTo(expected));
    }

    [Test]
    public void Counted_things_have_no_ticks_between() =>
        Assert.That(AxisTicks.Covering(1, 3, 6, wholeOnly: true).Values, Is.EqualTo(new double[] { 1, 2, 3 }));

    [Test]
    public void Any_range_is_covered_by_few_ticks_that_read_differently() => Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[1e-3, 1e6]).Sample((low, spread) =>
    {
        var ticks = AxisTicks.Covering(low, low + spread);
        Assert.That(ticks.Low, Is.LessThanOrEqualTo(low + (1e-6 * ticks.Step)));
        Assert.That(ticks.High, Is.GreaterThanOrEqualTo(low + spread - (1e-6 * ticks.Step)));
        Assert.That(ticks.Values, Has.Count.InRange(2, 8));
        Assert.That(ticks.Values, Is.Ordered);
        Assert.That(ticks.Values.Zip(ticks.Values.Skip(1), (a, b) => b - a), Is.All.EqualTo(ticks.Step).Within(1e-6 * ticks.Step));
    });

    [Test]
    public void An_axis_needs_numbers_in_order()
    {
        Assert.That(() => AxisTicks.Covering(1, 0), Throws.ArgumentException);
        Assert.That(() => AxisTicks.Covering(double.NaN, 0), Throws.ArgumentException);
    }
}
