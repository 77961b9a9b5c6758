using LargeRec.Engine.Maths;
using LargeRec.Engine.Tests.Cpu.Pointwise;

namespace LargeRec.Engine.Tests.Maths;

/// <summary>Relative errors: a unit in the last place is at most 1.2e-7 of a value.</summary>
public sealed class ElementaryFunctionsTests
{
    [Test]
    public void Log_is_within_two_units_in_the_last_place()
    {
        var worst = 0.0;
        for (var exponent = -126; exponent <= 127; exponent++)
        {
            for (var m = 1f; m < 2; m += 0.00317f)
            {
                Measure(MathF.ScaleB(m, exponent));
            }
        }

        for (var x = 0.5f; x < 2; x += 1.7e-5f)
        {
            Measure(x);
        }

        Assert.That(worst, Is.LessThan(1.6e-7));

        void Measure(float x)
        {
            var truth = Math.Log(x);
            var error = Math.Abs(Elementary.Log(new Float1(x)).Value - truth);
            worst = Math.Max(worst, truth == 0 ? error : error / Math.Abs(truth));
        }
    }

    [TestCase(0f, float.NegativeInfinity)]
    [TestCase(-0f, float.NegativeInfinity)]
    [TestCase(1f, 0f)]
    [TestCase(-1f, float.NaN)]
    [TestCase(float.NegativeInfinity, float.NaN)]
    [TestCase(float.PositiveInfinity, float.PositiveInfinity)]
    [TestCase(float.NaN, float.NaN)]
    [TestCase(float.Epsilon, -103.27893f)]
    [TestCase(float.MaxValue, 88.7228391f)]
    public void Log_at_its_edges(float x, float expected) => Assert.That(Elementary.Log(new Float1(x)).Value, Is.EqualTo(expected));

    [Test]
    public void Tanh_and_erf_are_within_three_units_in_the_last_place()
    {
        double worstTanh = 0, worstErf = 0;
        for (var x = 1e-6f; x < 12; x += 1.37e-4f)
        {
            foreach (var signed in new[] { x, -x })
            {
                worstTanh = Math.Max(worstTanh, Math.Abs((Elementary.Tanh(new Float1(signed)).Value / Math.Tanh(signed)) - 1));
                worstErf = Math.Max(worstErf, Math.Abs((Elementary.Erf(new Float1(signed)).Value / DoubleReference.Erf(signed)) - 1));
            }
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(worstTanh, Is.LessThan(2.5e-7));
            Assert.That(worstErf, Is.LessThan(2.5e-7));
        }
    }

    [TestCase(0f, 0f)]
    [TestCase(1e-30f, 1e-30f)]
    [TestCase(float.PositiveInfinity, 1f)]
    [TestCase(float.NegativeInfinity, -1f)]
    [TestCase(float.MaxValue, 1f)]
    [TestCase(float.NaN, float.NaN)]
    public void Tanh_at_its_edges(float x, float expected) => Assert.That(Elementary.Tanh(new Float1(x)).Value, Is.EqualTo(expected));

    [TestCase(0f, 0f)]
    [TestCase(float.PositiveInfinity, 1f)]
    [TestCase(float.NegativeInfinity, -1f)]
    [TestCase(float.MaxValue, 1f)]
    [TestCase(float.NaN, float.NaN)]
    public void Erf_at_its_edges(float x, float expected) => Assert.That(Elementary.Erf(new Float1(x)).Value, Is.EqualTo(expected));
}
