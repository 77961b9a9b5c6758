using System.Globalization;

namespace LargeRec.Retrieval.Reports;

/// <summary>Ticks of a logarithmic axis: powers of ten, and their doubles and quintuples where the axis is short.</summary>
public static class LogTicks
{
    private static readonly (double Size, string Suffix)[] Suffixes = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];

    /// <summary>The ticks between two positive numbers, ascending; at least one where they are a factor of 2.5 or more apart.</summary>
    public static IReadOnlyList<double> Between(double low, double high, int most = 7)
    {
        double[][] choices = [[1, 2, 5], [1, 3], [1]];
        foreach (var factors in choices)
        {
            var ticks = Of(low, high, factors, 1);
            if (ticks.Count <= most)
            {
                return ticks;
            }
        }

        var decades = (int)Math.Ceiling(Math.Log10(high / low));
        return Of(low, high, [1], (decades / most) + 1);
    }

    /// <summary>A tick as text: 200, 50k, 2M, 1e15.</summary>
    public static string TextOf(double tick)
    {
        if (tick is >= 1e15 or < 1e-2)
        {
            return tick.ToString("0.#e0", CultureInfo.InvariantCulture);
        }

        foreach (var (size, suffix) in Suffixes)
        {
            if (tick >= size)
            {
                return (tick / size).ToString("0.##", CultureInfo.InvariantCulture) + suffix;
            }
        }

        return tick.ToString("0.##", CultureInfo.InvariantCulture);
    }

    private static List<double> Of(double low, double high, double[] factors, int everyDecades)
    {
        var ticks = new List<double>();
        for (var power = (int)Math.Floor(Math.Log10(low)); power <= Math.Log10(high); power++)
        {
            if (power % everyDecades == 0)
            {
                ticks.AddRange(factors.Select(f => f * Math.Pow(10, power)).Where(t => t >= low * (1 - 1e-9) && t <= high * (1 + 1e-9)));
            }
        }

        return ticks;
    }
}
