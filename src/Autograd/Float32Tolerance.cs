using LargeRec.Engine.Randomness;

namespace LargeRec.Autograd;

/// <summary>
/// How far a plain float32 implementation of a formula may lie from its float64 reference: what a faster one is held to. It is made of three parts,
/// each the effect of roundings u = 2⁻²⁴:
/// a sum of n terms in any order is off by about √n·u of its largest partial sums, 32·u of the largest value for n = 1,000;
/// intermediate values are rounded as inputs are, so the effect of rounding the inputs, measured by moving each by ±u and counted 8 times for as many stages
/// of a fused function, shows how much the formula magnifies (a norm near 0, a variance near ε, a temperature);
/// and where terms cancel, what is left of their size stays (see <see cref="GradientCheck"/>).
/// </summary>
public static class Float32Tolerance
{
    /// <summary>u, half a unit in the last place of 1.</summary>
    public const double Rounding = 1.0 / (1 << 24);

    /// <summary>The part of the largest value that is allowed: 32 u = 1.9e-6.</summary>
    public const double OfLargest = 32 * Rounding;

    /// <summary>How often the effect of rounded inputs counts.</summary>
    public const int Stages = 8;

    private const int Trials = 3;

    /// <summary>The tolerance of every output of a function.</summary>
    /// <param name="function">In float64.</param>
    /// <param name="inputs">Where it is computed.</param>
    public static double OfOutputs(Func<IReadOnlyList<double[]>, double[]> function, IReadOnlyList<double[]> inputs)
    {
        var exact = function(inputs);
        var moved = 0.0;
        for (var trial = 0; trial < Trials; trial++)
        {
            moved = Math.Max(moved, LargestDifference(exact, function(Round(inputs, trial))));
        }

        return (OfLargest * Largest(exact)) + (Stages * moved);
    }

    /// <summary>The inputs, each moved by u of its size up or down at random.</summary>
    internal static IReadOnlyList<double[]> Round(IReadOnlyList<double[]> inputs, int trial)
    {
        var stream = new PhiloxStream((ulong)trial, "float32 tolerance");
        return [.. inputs.Select(values => values.Select(v => v * (1 + (stream.NextUInt32() >= 1u << 31 ? Rounding : -Rounding))).ToArray())];
    }

    internal static double Largest(IEnumerable<double> values) => values.Select(Math.Abs).DefaultIfEmpty().Max();

    private static double LargestDifference(double[] a, double[] b) => Largest(a.Zip(b, (x, y) => x - y));
}
