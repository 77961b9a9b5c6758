using System.Globalization;

namespace LargeRec.Retrieval.Reports;

/// <summary>Round numbers (1, 2 or 5 times a power of ten apart) along an axis that covers some values.</summary>
public sealed class AxisTicks
{
    private readonly int _digits;

    private AxisTicks(double step, double first, double last)
    {
        Step = step;
        _digits = Math.Clamp(-(int)Math.Floor(Math.Log10(step)), 0, 15);
        Values = [.. Enumerable.Range(0, (int)Math.Round((last - first) / step) + 1).Select(i => Math.Round(first + (i * step), _digits))];
    }

    /// <summary>The distance between two ticks.</summary>
    public double Step { get; }

    /// <summary>The ticks, ascending; the first and the last are the ends of the axis.</summary>
    public IReadOnlyList<double> Values { get; }

    public double Low => Values[0];

    public double High => Values[^1];

    /// <summary>Ticks for an axis that reaches from a number at or below the smallest value to one at or above the largest.</summary>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value, not below the smallest.</param>
    /// <param name="most">About so many steps, at least 2.</param>
    /// <param name="wholeOnly">Whether only whole numbers make sense, as for epochs.</param>
    public static AxisTicks Covering(double low, double high, int most = 5, bool wholeOnly = false)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || high < low)
        {
            throw new ArgumentException($"an axis from {low} to {high}; both must be finite and in this order");
        }

        // A flat line stands in the middle of an axis as tall as the number itself.
        var spread = high - low > Math.Abs(high) * 1e-9 ? high - low : high == 0 ? 1 : Math.Abs(high);
        if (spread != high - low)
        {
            (low, high) = (low - (spread / 2), high + (spread / 2));
        }

        var step = RoundUp(spread / Math.Max(most, 2));
        if (wholeOnly)
        {
            step = Math.Max(1, Math.Ceiling(step));
        }

        // What is a tick but for rounding counts as one.
        var first = Math.Floor((low / step) + 1e-9) * step;
        var last = Math.Ceiling((high / step) - 1e-9) * step;
        return new AxisTicks(step, first, last);
    }

    /// <summary>A tick as text, with the digits that tell it from its neighbours: 0.25, 1200, 150k, 2M, 1e-5.</summary>
    public string TextOf(double tick)
    {
        var magnitude = Math.Max(Math.Abs(Low), Math.Abs(High));
        return tick == 0 ? "0"
            : magnitude is < 1e-3 or >= 1e9 ? tick.ToString("0.###e0", CultureInfo.InvariantCulture)
            : magnitude >= 1e7 ? (tick / 1e6).ToString("0.###M", CultureInfo.InvariantCulture)
            : magnitude >= 1e4 ? (tick / 1e3).ToString("0.###k", CultureInfo.InvariantCulture)
            : tick.ToString($"F{_digits}", CultureInfo.InvariantCulture);
    }

    /// <summary>The smallest 1, 2 or 5 times a power of ten that is not smaller.</summary>
    private static double RoundUp(double size)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(size)));
        double[] factors = [1, 2, 5, 10];
        return power * factors.First(factor => (factor * power) >= size * (1 - 1e-9));
    }
}
