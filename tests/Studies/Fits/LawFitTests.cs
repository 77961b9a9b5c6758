using LargeRec.Engine.Randomness;
using LargeRec.Studies.Fits;

namespace LargeRec.Studies.Tests.Fits;

/// <summary>Laws against points that were made by them.</summary>
public sealed class LawFitTests
{
    private static readonly double[] Sizes = [1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7, 3e7];

    [TestCase(50, 0.3, 2.5)]
    [TestCase(1e3, 0.75, 0.1)]
    [TestCase(-2, 0.2, 0.35)]
    public void A_planted_power_law_is_found(double a, double b, double c)
    {
        var fit = LawFit.Of(ScalingLaw.Power, [.. Sizes.Select(x => new[] { x })], [.. Sizes.Select(x => c + (a * Math.Pow(x, -b)))], resamples: 20);
        Assert.That(fit.Exponents[0], Is.EqualTo(b).Within(0.1).Percent);
        Assert.That(fit.Coefficients[0], Is.EqualTo(c).Within(0.1).Percent);
        Assert.That(fit.Coefficients[1], Is.EqualTo(a).Within(1).Percent);
        Assert.That(fit.RSquared, Is.GreaterThan(0.999999));
        Assert.That(fit.At(1e5), Is.EqualTo(c + (a * Math.Pow(1e5, -b))).Within(1e-4).Percent);
        Assert.That(fit.IsAtAnEnd, Is.False);
    }

    [Test]
    public void A_planted_joint_law_is_found()
    {
        double[][] sizes = [.. from n in new[] { 4e3, 9e3, 2e4, 1e5 } from d in new[] { 6e3, 1.2e4, 2.4e4 } select new[] { n, d }];
        var fit = LawFit.Of(ScalingLaw.Joint, sizes, [.. sizes.Select(p => 1.7 + (40 * Math.Pow(p[0], -0.35)) + (90 * Math.Pow(p[1], -0.5)))], resamples: 10);
        Assert.That(fit.Exponents, Is.EqualTo(new[] { 0.35, 0.5 }).Within(1).Percent);
        Assert.That(fit.Coefficients[0], Is.EqualTo(1.7).Within(2).Percent);
        Assert.That(fit.RSquared, Is.GreaterThan(0.99999));
    }

    [Test]
    public void A_planted_performance_law_is_met_everywhere()
    {
        static double F(double x, double w) => (-1 / (2 * Math.Pow(x, w))) - (w * Math.Log(x));
        double[][] sizes = [.. from n in new double[] { 4, 8, 12, 16, 24, 32 } from d in new double[] { 25, 50, 75, 100 } select new[] { n, d }];
        var values = sizes.Select(p => 0.4 + (0.05 * F(p[0], 1.3)) - (0.02 * F(p[1], 0.8))).ToArray();
        var fit = LawFit.Of(ScalingLaw.Performance, sizes, values, resamples: 0);
        Assert.That(sizes.Select(p => fit.At(p)), Is.EqualTo(values).Within(1e-4));
        Assert.That(fit.RSquared, Is.GreaterThan(0.999));
    }

    [Test]
    public void Intervals_hold_the_truth_about_as_often_as_they_say()
    {
        const int Simulations = 120;
        var (ofCurve, ofConstant) = (0, 0);
        for (ulong seed = 1; seed <= Simulations; seed++)
        {
            var stream = new PhiloxStream(seed, "simulation");
            var values = Sizes.Select(x => 2 + (30 * Math.Pow(x, -0.3)) + (0.02 * stream.NextNormal())).ToArray();
            var fit = LawFit.Of(ScalingLaw.Power, [.. Sizes.Select(x => new[] { x })], values, resamples: 120);
            ofCurve += Holds(fit.IntervalAt(5e5), 2 + (30 * Math.Pow(5e5, -0.3)));
            ofConstant += Holds(fit.CoefficientInterval(0), 2);
        }

        TestContext.Out.WriteLine($"of {Simulations}: {ofCurve} curve, {ofConstant} constant");
        Assert.That(ofCurve, Is.InRange(0.85 * Simulations, Simulations));
        Assert.That(ofConstant, Is.InRange(0.8 * Simulations, Simulations));
    }

    [Test]
    public void Too_few_points_say_so()
    {
        Assert.That(() =>
            Fit([1, 2, 3]), Throws.InstanceOf<FitException>().With.Message.EqualTo("power law: 3 points do not determine 3 numbers; take at least 4"));
        Assert.That(() => Fit([1, 2, 2, 3, 3]), Throws.InstanceOf<FitException>().With.Message.Contains("3 distinct sizes"));
        Assert.That(() => Fit([0, 1, 2, 3]), Throws.InstanceOf<FitException>().With.Message.Contains("above 0"));
    }

    [Test]
    public void What_does_not_bend_reaches_an_end() => Assert.That(
        LawFit.Of(ScalingLaw.Power, [.. Sizes.Select(x => new[] { x })], [.. Sizes.Select(x => 5 - (0.1 * Math.Log(x)))], resamples: 0).IsAtAnEnd, Is.True);

    private static LawFit Fit(double[] sizes) => LawFit.Of(ScalingLaw.Power, [.. sizes.Select(x => new[] { x })], [.. sizes.Select(x => 1 / (1 + x))]);

    private static int Holds((double Low, double High)? interval, double truth) => interval is { } at && at.Low <= truth && truth <= at.High ? 1 : 0;
}
