using LargeRec.Engine.Randomness;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearRegression;
using MathNet.Numerics.Optimization;
using MathNet.Numerics.Statistics;

namespace LargeRec.Studies.Fits;

/// <summary>
/// A law fitted to points by least squares. For each set of exponents the coefficients are a linear regression (variable projection, Golub and Pereyra 1973),
/// so that only the exponents are searched: on a grid of logarithms, then by Nelder and Mead. Intervals are of a bootstrap of residuals, scaled for the
/// numbers that were fitted, by draws of Philox; the sizes stay as they are.
/// </summary>
public sealed class LawFit
{
    private const double Least = 0.01;
    private const double Most = 4;
    private const int MostSearch = 2000;
    private const ulong Seed = 1;

    private readonly List<(double[] Exponents, double[] Coefficients)> _resampled = [];

    private LawFit(ScalingLaw law, double[] exponents, double[] coefficients, double rSquared) =>
        (Law, Exponents, Coefficients, RSquared) = (law, exponents, coefficients, rSquared);

    public ScalingLaw Law { get; }

    /// <summary>In the order of the law.</summary>
    public IReadOnlyList<double> Exponents { get; }

    /// <summary>The constant, then those of the law's terms.</summary>
    public IReadOnlyList<double> Coefficients { get; }

    /// <summary>1 − the residuals' squares over the squares about the mean.</summary>
    public double RSquared { get; }

    /// <summary>Whether an exponent lies at an end of what is searched, .01 or 4, so that the points do not determine it.</summary>
    public bool IsAtAnEnd => Exponents.Any(e => e < Least * 1.02 || e > Most / 1.02);

    /// <summary>Fits a law.</summary>
    /// <param name="law">The form.</param>
    /// <param name="sizes">A point's sizes, above 0.</param>
    /// <param name="values">What was measured there.</param>
    /// <param name="resamples">Of the bootstrap; 0: no intervals.</param>
    /// <exception cref="FitException">There are too few points or distinct sizes, or a number is not finite.</exception>
    public static LawFit Of(ScalingLaw law, IReadOnlyList<double[]> sizes, IReadOnlyList<double> values, int resamples = 400)
    {
        RequireEnough(law, sizes, values);
        var x = sizes.ToArray();
        var y = values.ToArray();

        // Sizes about 1: powers of millions would leave nothing of the regression's digits. The performance law takes them as they are.
        double[] scale = law.Basis == ScalingLaw.Power.Basis || law.Basis == ScalingLaw.Joint.Basis
            ? [.. Enumerable.Range(0, law.Inputs).Select(i => Math.Exp(x.Average(p => Math.Log(p[i]))))]
            : [.. Enumerable.Repeat(1.0, law.Inputs)];
        double[][] scaled = [.. x.Select(p => p.Select((v, i) => v / scale[i]).ToArray())];
        var exponents = Search(law, scaled, y, Start(law, scaled, y));
        var (coefficients, squares) = Solve(law, scaled, y, exponents);
        var mean = y.Average();
        var total = y.Sum(v => (v - mean) * (v - mean));
        var fit = new LawFit(law, exponents, Unscaled(coefficients, exponents, scale), total > 0 ? 1 - (squares / total) : 1);
        double[] fitted = [.. scaled.Select(p => Predict(law, p, exponents, coefficients))];

        // Few residuals say less of their spread than many: what Student's quantile is beyond the normal one.
        var freedom = y.Length - law.ParameterCount;
        var spread = Math.Sqrt((double)y.Length / freedom) * StudentT.InvCDF(0, 1, freedom, 0.975) / Normal.InvCDF(0, 1, 0.975);
        double[] residuals = [.. y.Select((v, i) => (v - fitted[i]) * spread)];
        var stream = new PhiloxStream(Seed, "studies.bootstrap");
        for (var resample = 0; resample < resamples; resample++)
        {
            double[] drawn = [.. fitted.Select(v => v + residuals[stream.NextBelow(residuals.Length)])];
            var again = Search(law, scaled, drawn, exponents);
            fit._resampled.Add((again, Unscaled(Solve(law, scaled, drawn, again).Coefficients, again, scale)));
        }

        return fit;
    }

    /// <summary>The law at some sizes.</summary>
    public double At(params double[] sizes) => Predict(Law, sizes, [.. Exponents], [.. Coefficients]);

    /// <summary>The 95% interval of <see cref="At"/>; null without resamples.</summary>
    public (double Low, double High)? IntervalAt(params double[] sizes) => Interval(r => Predict(Law, sizes, r.Exponents, r.Coefficients));

    /// <summary>The 95% interval of an exponent.</summary>
    public (double Low, double High)? ExponentInterval(int index) => Interval(r => r.Exponents[index]);

    /// <summary>The 95% interval of a coefficient, the constant being the first.</summary>
    public (double Low, double High)? CoefficientInterval(int index) => Interval(r => r.Coefficients[index]);

    private (double Low, double High)? Interval(Func<(double[] Exponents, double[] Coefficients), double> number)
    {
        double[] all = [.. _resampled.Select(number)];
        return all.Length == 0 ? null : (all.Quantile(0.025), all.Quantile(0.975));
    }

    private static void RequireEnough(ScalingLaw law, IReadOnlyList<double[]> sizes, IReadOnlyList<double> values)
    {
        if (sizes.Count != values.Count || sizes.Any(p => p.Length != law.Inputs || p.Any(v => !(v > 0) || !double.IsFinite(v)))
            || values.Any(v => !double.IsFinite(v)))
        {
            throw new FitException($"{law.Name}: sizes must be above 0 and all numbers finite, a value for each point");
        }

        if (sizes.Count <= law.ParameterCount)
        {
            throw new FitException($"{law.Name}: {sizes.Count} points do not determine {law.ParameterCount} numbers; take at least {law.ParameterCount + 1}");
        }

        var least = law.Inputs == 1 ? 4 : 3;
        for (var i = 0; i < law.Inputs; i++)
        {
            var distinct = sizes.Select(p => p[i]).Distinct().Count();
            if (distinct < least)
            {
                throw new FitException($"{law.Name}: {distinct} distinct sizes do not determine a bent line; take at least {least}");
            }
        }
    }

    /// <summary>The best exponents of a grid.</summary>
    private static double[] Start(ScalingLaw law, double[][] x, double[] y)
    {
        var steps = law.Exponents == 1 ? 40 : 9;
        double[] values = [.. Enumerable.Range(0, steps).Select(i => Least * Math.Pow(Most / Least, (i + 0.5) / steps))];
        IEnumerable<double[]> grid = [[]];
        for (var i = 0; i < law.Exponents; i++)
        {
            grid = [.. grid.SelectMany(head => values.Select(value => (double[])[.. head, value]))];
        }

        return grid.MinBy(exponents => Solve(law, x, y, exponents).Squares)!;
    }

    private static double[] Search(ScalingLaw law, double[][] x, double[] y, double[] start)
    {
        double Objective(Vector<double> logarithms) => Solve(law, x, y, Exponentials(logarithms)).Squares;
        var initial = Vector<double>.Build.DenseOfEnumerable(start.Select(v => Math.Log(v)));
        try
        {
            var scale = Math.Max(Objective(initial), 1e-30);
            var found = NelderMeadSimplex.Minimum(ObjectiveFunction.Value(v => Objective(v) / scale), initial, 1e-9, MostSearch);
            return Exponentials(found.MinimizingPoint);
        }
        catch (MaximumIterationsException)
        {
            return start;
        }
    }

    private static double[] Exponentials(Vector<double> logarithms) => [.. logarithms.ToArray().Select(v => Math.Clamp(Math.Exp(v), Least, Most))];

    private static (double[] Coefficients, double Squares) Solve(ScalingLaw law, double[][] x, double[] y, double[] exponents)
    {
        double[][] rows = [.. x.Select(p => law.Basis(p, exponents))];
        double[] left = [.. y.Select((v, i) => v - law.Fixed(x[i], exponents))];
        var coefficients = MultipleRegression.QR(rows, left, intercept: true);
        return (coefficients, rows.Select((row, i) => left[i] - coefficients[0] - row.Select((v, k) => v * coefficients[k + 1]).Sum()).Sum(r => r * r));
    }

    private static double Predict(ScalingLaw law, double[] x, double[] exponents, double[] coefficients) =>
        coefficients[0] + law.Fixed(x, exponents) + law.Basis(x, exponents).Select((v, k) => v * coefficients[k + 1]).Sum();

    private static double[] Unscaled(double[] coefficients, double[] exponents, double[] scale) =>
        [coefficients[0], .. coefficients.Skip(1).Select((v, i) => v * Math.Pow(scale[i], exponents[i]))];
}
