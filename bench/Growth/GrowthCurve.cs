using System.Globalization;

namespace LargeRec.Bench.Growth;

/// <summary>Measured points, their floors, and the exponents of growth between them: slopes of straight lines through the logarithms.</summary>
internal sealed class GrowthCurve(string name, string sizeName, IReadOnlyList<GrowthPoint> points, Func<GrowthSetting, double> floor)
{
    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine($"## {name}");
        Console.WriteLine($"| {sizeName} | step, ms | processor, ms | floor, ms | of floor | rows used (expected) | device, MB | process peak, MB |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var point in points)
        {
            var atFloor = floor(point.Setting);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {point.Size:N0} | {point.Seconds * 1e3:F1} | {point.ProcessorSeconds * 1e3:F1} | {atFloor * 1e3:F1} | {atFloor / point.Seconds:P0} | "
                + $"{point.Setting.UsedRows:N0} | {point.DeviceBytes / 1e6:F0} | {point.PeakBytes / 1e6:F0} |"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"exponents: time {Exponent(points, p => p.Seconds):F2} (last half {Exponent(LastHalf, p => p.Seconds):F2}), processor time "
            + $"{Exponent(points, p => p.ProcessorSeconds):F2}, floor {Exponent(points, p => floor(p.Setting)):F2}, device bytes "
            + $"{Exponent(points, p => p.DeviceBytes):F2} (last half {Exponent(LastHalf, p => p.DeviceBytes):F2})"));
    }

    private IReadOnlyList<GrowthPoint> LastHalf => [.. points.Skip((points.Count - 1) / 2)];

    /// <summary>The least-squares slope of log(value) over log(size).</summary>
    private static double Exponent(IReadOnlyList<GrowthPoint> of, Func<GrowthPoint, double> value)
    {
        var (x, y) = (of.Select(p => Math.Log(p.Size)).ToArray(), of.Select(p => Math.Log(value(p))).ToArray());
        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }
}
