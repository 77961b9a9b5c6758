namespace LargeRec.Engine.Tests.Cpu.Pointwise;

/// <summary>Functions in float64 that the framework lacks.</summary>
internal static class DoubleReference
{
    /// <summary>1 − erf(x), by the series of erf below 2 and the continued fraction of erfc above.</summary>
    public static double Erfc(double x)
    {
        if (x < 0)
        {
            return 2 - Erfc(-x);
        }

        if (x < 2)
        {
            return 1 - Erf(x);
        }

        var fraction = 0.0;
        for (var k = 200; k >= 1; k--)
        {
            fraction = k / 2.0 / (x + fraction);
        }

        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }

    public static double Erf(double x)
    {
        if (Math.Abs(x) >= 2)
        {
            return 1 - Erfc(x);
        }

        double term = x, sum = x;
        for (var n = 1; n < 80; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
