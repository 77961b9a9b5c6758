using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Tests.Maths;

public sealed class ElementaryTests
{
    [Test]
    public void Exp_is_within_two_units_in_the_last_place()
    {
        var worst = 0.0;
        for (var x = -86.9f; x < 88.7f; x += 0.00137f)
        {
            var truth = Math.Exp(x);
            worst = Math.Max(worst, Math.Abs(Elementary.Exp(new Float1(x)).Value - truth) / truth);
        }

        Assert.That(worst, Is.LessThan(1.3e-7));
    }

    [TestCase(0f, 1f)]
    [TestCase(-88f, 0f)]
    [TestCase(float.NegativeInfinity, 0f)]
    [TestCase(float.NaN, float.NaN)]
    public void Exp_at_its_edges(float x, float expected) => Assert.That(Elementary.Exp(new Float1(x)).Value, Is.EqualTo(expected));

    [Test]
    public void Exp_of_a_large_number_is_finite() =>
        Assert.That(Elementary.Exp(new Float1(float.PositiveInfinity)).Value, Is.GreaterThan(3e38f).And.LessThanOrEqualTo(float.MaxValue));

    [Test]
    public void Silu_and_its_derivative_agree_with_float64()
    {
        for (var x = -60f; x < 60f; x += 0.0173f)
        {
            var sigmoid = 1 / (1 + Math.Exp(-(double)x));
            var silu = x * sigmoid;
            var derivative = sigmoid * (1 + (x * (1 - sigmoid)));
            Assert.That(Elementary.Sigmoid(new Float1(x)).Value, Is.EqualTo(sigmoid).Within(4e-7 * sigmoid));
            Assert.That(Elementary.Silu(new Float1(x)).Value, Is.EqualTo(silu).Within(4e-7 * Math.Abs(silu)));

            // 1 − σ loses what σ was rounded by, times x·σ.
            var tolerance = 1.2e-7 * (2 + (Math.Abs(x) * sigmoid));
            Assert.That(Elementary.SiluDerivative(new Float1(x)).Value, Is.EqualTo(derivative).Within(tolerance));
        }
    }

    [TestCase(-100f)]
    [TestCase(-1e38f)]
    [TestCase(float.NegativeInfinity)]
    public void Silu_far_below_zero_is_nearly_zero(float x)
    {
        Assert.That(Elementary.Silu(new Float1(x)).Value, Is.EqualTo(0f).Within(1e-36));
        Assert.That(Elementary.SiluDerivative(new Float1(x)).Value, Is.EqualTo(0f).Within(1e-36));
    }
}
