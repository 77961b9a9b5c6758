namespace LargeRec.Studies.Fits;

/// <summary>A form that results are fitted to: linear in some coefficients once its exponents are known.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Formula">It, as text.</param>
/// <param name="Inputs">How many sizes a point has.</param>
/// <param name="Exponents">How many exponents there are.</param>
/// <param name="Basis">From sizes and exponents to what the coefficients multiply; a constant is added to them.</param>
/// <param name="Fixed">From sizes and exponents to what no coefficient multiplies.</param>
public sealed record ScalingLaw(
    string Name, string Formula, int Inputs, int Exponents, Func<double[], double[], double[]> Basis, Func<double[], double[], double> Fixed)
{
    /// <summary>y = c + a·x^−b: a power law with an offset.</summary>
    public static ScalingLaw Power { get; } = new("power law", "y = c + a x^-b", 1, 1, (x, b) => [Math.Pow(x[0], -b[0])], (_, _) => 0);

    /// <summary>y = c + a·N^−α + b·D^−β, with the sizes of model and data (Hoffmann et al. 2022, section 3.3).</summary>
    public static ScalingLaw Joint { get; } = new(
        "joint law", "y = c + a N^-alpha + b D^-beta", 2, 2, (x, b) => [Math.Pow(x[0], -b[0]), Math.Pow(x[1], -b[1])], (_, _) => 0);

    /// <summary>
    /// The performance law as its authors' code fits it, for one data set: y = w1·f(H, w3) + w2·f(d, w4) + b with f(x, w) = −1/(2·x^w) − w·ln x, layers H and
    /// width d. With one size of data its term is part of b.
    /// </summary>
    public static ScalingLaw Performance { get; } = new(
        "performance law", "y = w1 f(layers, w3) + w2 f(width, w4) + b, f(x, w) = -1/(2 x^w) - w ln x", 2, 2, (x, w) =>
            [Term(x[0], w[0]), Term(x[1], w[1])], (_, _) => 0);

    /// <summary>The performance law with data of several sizes D' (tokens times entropy): − 1/(2·D'^w5) − w5·ln D' is added.</summary>
    public static ScalingLaw PerformanceWithData { get; } = Performance with
    {
        Name = "performance law with data",
        Formula = Performance.Formula + ", + f(data, w5)",
        Inputs = 3,
        Exponents = 3,
        Fixed = (x, w) => Term(x[2], w[2]),
    };

    /// <summary>Numbers that are fitted in all.</summary>
    public int ParameterCount => Exponents + Math.Min(Inputs, 2) + 1;

    private static double Term(double x, double w) => (-1 / (2 * Math.Pow(x, w))) - (w * Math.Log(x));
}
