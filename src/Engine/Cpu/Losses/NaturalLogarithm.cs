namespace LargeRec.Engine.Cpu.Losses;

/// <summary>ln x in float64 from additions, products and one division: the same bits on every machine, which a library's logarithm does not promise.</summary>
internal static class NaturalLogarithm
{
    private const double Ln2 = 0.6931471805599453;
    private const double SqrtHalf = 0.70710678118654752;

    /// <summary>ln x for normal x above 0, within about 2e-16·max(1, |ln x|); NaN for NaN, +∞ for +∞.</summary>
    public static double Of(double x)
    {
        if (!double.IsFinite(x))
        {
            return x;
        }

        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1022;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0x000fffffffffffff) | 0x3fe0000000000000);
        if (mantissa < SqrtHalf)
        {
            mantissa *= 2;
            exponent--;
        }

        // ln m = 2·artanh s with |s| at most 0.1716: the series' term 23 is below 2e-19.
        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var series = (1.0 / 21 * square) + (1.0 / 19);
        series = (series * square) + (1.0 / 17);
        series = (series * square) + (1.0 / 15);
        series = (series * square) + (1.0 / 13);
        series = (series * square) + (1.0 / 11);
        series = (series * square) + (1.0 / 9);
        series = (series * square) + (1.0 / 7);
        series = (series * square) + (1.0 / 5);
        series = (series * square) + (1.0 / 3);
        series = (series * square) + 1.0;
        return (exponent * Ln2) + (2 * s * series);
    }
}
