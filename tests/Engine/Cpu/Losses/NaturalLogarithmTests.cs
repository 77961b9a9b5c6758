using LargeRec.Engine.Cpu.Losses;

namespace LargeRec.Engine.Tests.Cpu.Losses;

public sealed class NaturalLogarithmTests
{
    [Test]
    public void Agrees_with_the_library()
    {
        for (var x = 1e-300; x < 1e300; x *= 1.00137 + (x % 1e-3))
        {
            var expected = Math.Log(x);
            Assert.That(NaturalLogarithm.Of(x), Is.EqualTo(expected).Within(4e-16 * Math.Max(1, Math.Abs(expected))));
        }
    }

    [TestCase(1, 0)]
    [TestCase(double.NaN, double.NaN)]
    [TestCase(double.PositiveInfinity, double.PositiveInfinity)]
    public void At_its_edges(double x, double expected) => Assert.That(NaturalLogarithm.Of(x), Is.EqualTo(expected));
}
