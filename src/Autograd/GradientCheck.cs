using LargeRec.Engine.Randomness;

namespace LargeRec.Autograd;

/// <summary>
/// Checks a function's float32 backward against central differences of the same function written plainly in float64. Who adds an operation writes
/// its reference and a line in tests/Cases, and this does the rest; it also serves a function of one's own:
/// <code>
/// var check = new GradientCheck(reference, [new("x", x), new("weight", w)], upstream);
/// Assert.That(check.Compare([dx, dWeight]).Passed);
/// </code>
/// The loss is L = Σ_i w_i·y_i with random w, so that errors of different outputs cannot cancel. Up to 48 values of each input are compared one by one (the
/// greatest gradient and random others), and all of them together along random directions.
/// </summary>
/// <remarks>
/// A gradient may differ from the truth by the parts of <see cref="Float32Tolerance"/>, the last being 8 u of |w|·|y|/|x| (largest values): the size
/// of the terms that cancel where a function is flat, as those of L2 normalisation do for rows of one value. A direction's tolerance is that of a
/// value times the root of their number, three times, since roundings add up like a random walk.
/// </remarks>
public sealed class GradientCheck
{
    private const int Places = 48;
    private const int RoundedPlaces = 8;
    private const int RoundedTrials = 2;
    private const int Directions = 3;
    private const double CancellingTerms = 8;

    private readonly Func<IReadOnlyList<double[]>, double[]> _function;
    private readonly IReadOnlyList<GradientCheckInput> _inputs;
    private readonly double[][] _point;
    private readonly float[] _upstream;
    private readonly double _outputSize;
    private readonly Dictionary<(int Input, int Index), double> _differences = [];
    private readonly Dictionary<int, double> _tolerances = [];

    /// <param name="function">The function in float64, from its inputs to its output in row-major order.</param>
    /// <param name="inputs">Where the engine computed it.</param>
    /// <param name="upstream">w, of the output's length: the gradient that the engine's backward pass started with; [1] for a loss.</param>
    /// <exception cref="ArgumentException">The function has another number of outputs.</exception>
    public GradientCheck(Func<IReadOnlyList<double[]>, double[]> function, IReadOnlyList<GradientCheckInput> inputs, float[] upstream)
    {
        (_function, _inputs, _upstream) = (function, inputs, upstream);
        _point = [.. inputs.Select(i => Array.ConvertAll(i.Values, v => (double)v))];
        var output = function(_point);
        if (output.Length != upstream.Length)
        {
            throw new ArgumentException($"gradient check: the function has {output.Length} outputs, the upstream gradient has {upstream.Length} values");
        }

        _outputSize = Float32Tolerance.Largest(output) * Float32Tolerance.Largest(upstream.Select(w => (double)w));
    }

    /// <summary>Compares gradients; central differences are computed once, however often this is called.</summary>
    /// <param name="gradients">In the order of the inputs; null for an input that is not checked, or whose gradient nothing has been added to: it counts as
    /// 0.</param>
    public GradientReport Compare(IReadOnlyList<float[]?> gradients)
    {
        if (gradients.Count != _inputs.Count)
        {
            throw new ArgumentException($"gradient check: {_inputs.Count} inputs need as many gradients; given are {gradients.Count}");
        }

        var mismatches = new List<GradientMismatch>();
        var (compared, worst) = (0, 0.0);
        for (var input = 0; input < _inputs.Count; input++)
        {
            var length = _point[input].Length;
            if (!_inputs[input].IsChecked || length == 0)
            {
                continue;
            }

            var gradient = gradients[input] ?? new float[length];
            if (gradient.Length != length)
            {
                throw new ArgumentException($"gradient check: '{_inputs[input].Name}' has {length} values, its gradient {gradient.Length}");
            }

            var tolerance = ToleranceOf(input);
            foreach (var index in PlacesOf(length).Append(LargestPlace(gradient)).Distinct())
            {
                Compare(index, gradient[index], DifferenceAt(input, index), tolerance);
            }

            for (var direction = 0; direction < Directions; direction++)
            {
                var signs = Signs(length, direction);
                var along = gradient.Zip(signs, (g, s) => (double)g * s).Sum();
                Compare(-1, along, Difference(_point, input, signs), tolerance * 3 * Math.Sqrt(length));
            }

            void Compare(int index, double actual, double truth, double allowed)
            {
                compared++;
                var error = Math.Abs(actual - truth);
                worst = Math.Max(worst, error == 0 ? 0 : error / allowed);
                if (!(error <= allowed))
                {
                    mismatches.Add(new(_inputs[input].Name, index, actual, truth, allowed));
                }
            }
        }

        return new(compared, worst, mismatches);
    }

    private static IEnumerable<int> PlacesOf(int length)
    {
        if (length <= Places)
        {
            return Enumerable.Range(0, length);
        }

        // The last place is where a tail goes wrong.
        var stream = new PhiloxStream((ulong)length, "gradient check places");
        return Enumerable.Range(0, Places - 2).Select(_ => stream.NextBelow(length)).Prepend(0).Append(length - 1);
    }

    private static int LargestPlace(float[] gradient)
    {
        var largest = 0;
        for (var i = 1; i < gradient.Length; i++)
        {
            largest = Math.Abs(gradient[i]) > Math.Abs(gradient[largest]) ? i : largest;
        }

        return largest;
    }

    private static double[] Signs(int length, int direction)
    {
        var stream = new PhiloxStream((ulong)direction, "gradient check directions");
        return [.. Enumerable.Range(0, length).Select(_ => stream.NextUInt32() >= 1u << 31 ? 1.0 : -1.0)];
    }

    private double DifferenceAt(int input, int index)
    {
        if (!_differences.TryGetValue((input, index), out var difference))
        {
            difference = Difference(_point, input, Unit(input, index));
            _differences[(input, index)] = difference;
        }

        return difference;
    }

    /// <summary>The tolerance of each gradient of an input.</summary>
    private double ToleranceOf(int input)
    {
        if (_tolerances.TryGetValue(input, out var tolerance))
        {
            return tolerance;
        }

        var places = PlacesOf(_point[input].Length).Distinct().ToArray();
        var largest = Float32Tolerance.Largest(places.Select(p => DifferenceAt(input, p)));
        var moved = 0.0;
        for (var trial = 0; trial < RoundedTrials; trial++)
        {
            var rounded = Float32Tolerance.Round(_point, trial);
            foreach (var place in places.Where((_, i) => i % Math.Max(1, places.Length / RoundedPlaces) == 0))
            {
                moved = Math.Max(moved, Math.Abs(Difference(rounded, input, Unit(input, place)) - DifferenceAt(input, place)));
            }
        }

        var inputSize = Float32Tolerance.Largest(_point[input]);
        var cancelled = inputSize == 0 ? 0 : CancellingTerms * Float32Tolerance.Rounding * _outputSize / inputSize;
        tolerance = (Float32Tolerance.OfLargest * largest) + (Float32Tolerance.Stages * moved) + cancelled;
        _tolerances[input] = tolerance;
        return tolerance;
    }

    private double[] Unit(int input, int index)
    {
        var direction = new double[_point[input].Length];
        direction[index] = 1;
        return direction;
    }

    /// <summary>(L(x + h·direction) − L(x − h·direction))/2h, the outputs' differences taken before they are summed: what does not change cancels
    /// exactly.</summary>
    private double Difference(IReadOnlyList<double[]> point, int input, double[] direction)
    {
        // A direction with many ones is as long as their number's root; the step along it is kept as short as for one.
        var step = _inputs[input].DifferenceStep / Math.Sqrt(direction.Sum(d => d * d));
        var above = At(step);
        var below = At(-step);
        var sum = 0.0;
        for (var i = 0; i < above.Length; i++)
        {
            sum += _upstream[i] * (above[i] - below[i]);
        }

        return sum / (2 * step);

        double[] At(double distance) =>
            _function([.. point.Select((values, i) => i == input ? [.. values.Zip(direction, (v, d) => v + (distance * d))] : values)]);
    }
}
