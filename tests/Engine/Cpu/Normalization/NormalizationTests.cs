using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu.Normalization;

public sealed class NormalizationTests
{
    private const float Epsilon = 1e-6f;
    private const double Unit = 6e-8;

    [Test]
    public void A_norm_beyond_float32_shows_as_NaN_instead_of_a_row_of_zeros()
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        var x = device.Upload([1e20f, 1, 3, 4], Shape.Matrix(2, 2));
        device.Normalization.L2Normalize(x, 1e-6f, x);
        Assert.That(x.ToArray(), Is.EqualTo(new[] { float.NaN, float.NaN, 0.6f, 0.8f }).Within(1e-6f));
    }

    [Test]
    public void Layer_norm_agrees_with_float64(
        [Values(0, 1, 3, 17, 700)] int rows, [Values(1, 2, 5, 16, 17, 33, 50, 64, 200)] int columns, [Values] bool strided)
    {
        // A mean of 3 makes the two-pass variance earn its keep.
        var (x, dy, before) = (TestMatrix.Normal("x", rows * columns, 3), TestMatrix.Normal("dy", rows * columns, -1), TestMatrix.Normal("dx", rows * columns));
        Compare(
            rows, columns, strided, x, dy, before,
            (operations, from, to) => operations.LayerNorm(from, Epsilon, to),
            (operations, from, upstream, to) => operations.LayerNormBackward(from, Epsilon, upstream, to),
            row => RowReference.LayerNorm(row, (double)Epsilon),
            (row, up) => RowReference.LayerNormBackward(row, (double)Epsilon, up),
            row => 1 / Math.Sqrt((row.Sum(v => v * v) / row.Length) - Math.Pow(row.Average(), 2) + Epsilon),
            row => RowReference.LayerNorm(row, Epsilon),
            (row, up) => RowReference.LayerNormBackward(row, Epsilon, up));
    }

    [Test]
    public void L2_normalisation_agrees_with_float64(
        [Values(0, 1, 3, 17, 700)] int rows, [Values(1, 2, 5, 16, 17, 33, 50, 64, 200)] int columns, [Values] bool strided)
    {
        var (x, dy, before) = (TestMatrix.Normal("x", rows * columns), TestMatrix.Normal("dy", rows * columns), TestMatrix.Normal("dx", rows * columns));

        // One row shorter than epsilon, and one of zeros.
        for (var c = 0; c < columns && rows > 2; c++)
        {
            x[columns + c] *= 1e-9f;
            x[(2 * columns) + c] = 0;
        }

        const float Eps = 1e-6f;
        Compare(
            rows, columns, strided, x, dy, before,
            (operations, from, to) => operations.L2Normalize(from, Eps, to),
            (operations, from, upstream, to) => operations.L2NormalizeBackward(from, Eps, upstream, to),
            row => RowReference.L2Normalize(row, (double)Eps),
            (row, up) => RowReference.L2NormalizeBackward(row, (double)Eps, up),
            row => 1 / Math.Max(Math.Sqrt(row.Sum(v => v * v)), Eps),
            row => RowReference.L2Normalize(row, Eps),
            (row, up) => RowReference.L2NormalizeBackward(row, Eps, up));
    }

    [Test]
    public void Gated_layer_norm_agrees_with_float64(
        [Values(0, 1, 37, 330)] int rows, [Values(1, 5, 17, 50, 64, 200)] int columns, [Values] bool strided, [Values] bool concatenate,
        [Values(0f, 0.2f)] float rate)
    {
        var site = new DropoutSite(rate, 0x123456789abcdef, 5, 77);
        var width = concatenate ? 3 * columns : columns;
        var (gate, x, dy) = (TestMatrix.Normal("gate", rows * columns), TestMatrix.Normal("x", rows * columns, 1), TestMatrix.Normal("dy", rows * width));
        var (beforeGate, beforeX) = (TestMatrix.Normal("dgate", rows * columns), TestMatrix.Normal("dx", rows * columns));
        var keep = DropoutReference.Keep(site, rows, width);
        var truth = Map(rows, r => RowReference.Gated(Double(gate, r, columns), Double(x, r, columns), Epsilon, concatenate, Double(keep, r, width)));
        var plain = Map(rows, r => RowReference.Gated(Row(gate, r, columns), Row(x, r, columns), Epsilon, concatenate, Row(keep, r, width)));
        var truths = Enumerable.Range(0, rows).Select(r => RowReference.GatedBackward(Double(gate, r, columns), Double(x, r, columns), Epsilon, concatenate,
            Double(keep, r, width), Double(dy, r, width))).ToArray();
        var plains = Enumerable.Range(0, rows).Select(r => RowReference.GatedBackward(Row(gate, r, columns), Row(x, r, columns), Epsilon, concatenate,
            Row(keep, r, width), Row(dy, r, width))).ToArray();
        var (dGateTruth, dGatePlain) = (truths.SelectMany(t => t.DGate).ToArray(), plains.SelectMany(t => t.DGate).ToArray());
        var (dxTruth, dxPlain) = (truths.SelectMany(t => t.Dx).ToArray(), plains.SelectMany(t => t.Dx).ToArray());
        var (tolerance, toleranceGate, toleranceX) = (FlashTolerance.Of(truth, plain), FlashTolerance.Of(dGateTruth, dGatePlain),
            FlashTolerance.Of(dxTruth, dxPlain));
        foreach (var width2 in CpuConfigurations.Widths)
        {
            (float[] Y, float[] DGate, float[] Dx, float[] Sum)? first = null;
            foreach (var threads in CpuConfigurations.ThreadsFor(rows * columns))
            {
                using var device = new CpuDevice(threads, width2);
                using var step = device.BeginStep();
                var gates = new TestMatrix(device, rows, columns, strided, gate);
                var source = new TestMatrix(device, rows, columns, strided, x);
                var y = new TestMatrix(device, rows, width, strided);
                var upstream = new TestMatrix(device, rows, width, strided, dy);
                var (dGate, dx) = (new TestMatrix(device, rows, columns, strided), new TestMatrix(device, rows, columns, strided));
                var (dGateSum, dxSum) = (new TestMatrix(device, rows, columns, strided, beforeGate), new TestMatrix(device, rows, columns, strided, beforeX));
                var operations = device.Normalization;
                operations.GatedLayerNorm(gates.Tensor, source.Tensor, Epsilon, concatenate, site, y.Tensor);
                operations.GatedLayerNormBackward(gates.Tensor, source.Tensor, Epsilon, concatenate, site, upstream.Tensor, new(dGate.Tensor, false),
                    new(dx.Tensor, false));
                operations.GatedLayerNormBackward(gates.Tensor, source.Tensor, Epsilon, concatenate, site, upstream.Tensor, new(dGateSum.Tensor, true),
                    default);
                operations.GatedLayerNormBackward(gates.Tensor, source.Tensor, Epsilon, concatenate, site, upstream.Tensor, default, new(dxSum.Tensor, true));
                operations.GatedLayerNormBackward(gates.Tensor, source.Tensor, Epsilon, concatenate, site, upstream.Tensor, default, new(source.Tensor, false));
                var results = (Y: y.Values(), DGate: dGate.Values(), Dx: dx.Values(), Sum: (float[])[.. dGateSum.Values(), .. dxSum.Values()]);
                Bits.AssertEqual(source.Values(), results.Dx, $"{device.Name}: dx in x's own place");
                if (first is { } one)
                {
                    Bits.AssertEqual(results.Y, one.Y, device.Name);
                    Bits.AssertEqual(results.DGate, one.DGate, device.Name);
                    Bits.AssertEqual(results.Dx, one.Dx, device.Name);
                    Bits.AssertEqual(results.Sum, one.Sum, device.Name);
                    continue;
                }

                first = results;
                Bits.AssertWithin(results.Y, truth, _ => tolerance, device.Name);
                Bits.AssertWithin(results.DGate, dGateTruth, _ => toleranceGate, $"{device.Name}: dgate");
                Bits.AssertWithin(results.Dx, dxTruth, _ => toleranceX, $"{device.Name}: dx");
                Bits.AssertWithin(
                    results.Sum,
                    [.. dGateTruth.Zip(beforeGate, (a, b) => a + b), .. dxTruth.Zip(beforeX, (a, b) => a + b)],
                    _ => Math.Max(toleranceGate, toleranceX) + 6e-7,
                    $"{device.Name}: accumulated");
            }
        }
    }

    /// <summary>The formulas of the references' backward themselves, by central differences.</summary>
    [Test]
    public void Gradients_are_those_of_the_values([Values(2, 5, 13)] int columns, [Values] bool concatenate)
    {
        const double H = 1e-6;
        var (x, gate) = (Double(TestMatrix.Normal("x", columns), 0, columns), Double(TestMatrix.Normal("gate", columns), 0, columns));
        var width = concatenate ? 3 * columns : columns;
        var (dy, dyWide) = (Double(TestMatrix.Normal("dy", columns), 0, columns), Double(TestMatrix.Normal("wide", width), 0, width));
        var keep = Double(DropoutReference.Keep(new(0.3f, 1, 2, 3), 1, width), 0, width);
        using (Assert.EnterMultipleScope())
        {
            CheckGradient(x, dy, v => RowReference.LayerNorm(v, 1e-6), RowReference.LayerNormBackward(x, 1e-6, dy));
            CheckGradient(x, dy, v => RowReference.L2Normalize(v, 1e-6), RowReference.L2NormalizeBackward(x, 1e-6, dy));
            CheckGradient(x, dy, v => RowReference.L2Normalize(v, 100), RowReference.L2NormalizeBackward(x, 100, dy));
            var (dGate, dx) = RowReference.GatedBackward(gate, x, 1e-6, concatenate, keep, dyWide);
            CheckGradient(x, dyWide, v => RowReference.Gated(gate, v, 1e-6, concatenate, keep), dx);
            CheckGradient(gate, dyWide, v => RowReference.Gated(v, x, 1e-6, concatenate, keep), dGate);
        }

        static void CheckGradient(double[] at, double[] weights, Func<double[], double[]> value, double[] gradient)
        {
            for (var i = 0; i < at.Length; i++)
            {
                double Shifted(double by) => value([.. at.Select((v, k) => k == i ? v + by : v)]).Zip(weights, (a, b) => a * b).Sum();
                Assert.That(gradient[i], Is.EqualTo((Shifted(H) - Shifted(-H)) / (2 * H)).Within(1e-7));
            }
        }
    }

    [Test]
    public void Shapes_that_differ_are_named()
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        var (x, y) = (device.Allocate(Shape.Matrix(2, 3)), device.Allocate(Shape.Matrix(2, 4)));
        Assert.That(() => device.Normalization.LayerNorm(x, Epsilon, y), Throws.ArgumentException.With.Message.Contains("[2, 3]")
            .And.Message.Contains("[2, 4]"));
    }

    private static void Compare(
        int rows,
        int columns,
        bool strided,
        float[] x,
        float[] dy,
        float[] before,
        Action<NormalizationOperations, Tensor, Tensor> forward,
        Action<NormalizationOperations, Tensor, Tensor, GradientTarget> backward,
        Func<double[], double[]> truthOf,
        Func<double[], double[], double[]> truthOfGradient,
        Func<double[], double> gainOf,
        Func<float[], float[]> plainOf,
        Func<float[], float[], float[]> plainOfGradient)
    {
        // Row by row: rows of very different size must not hide each other.
        var truth = Map(rows, r => truthOf(Double(x, r, columns)));
        var gradientTruth = Map(rows, r => truthOfGradient(Double(x, r, columns), Double(dy, r, columns)));
        var (tolerance, gradientTolerance) = (new double[rows], new double[rows]);
        for (var r = 0; r < rows; r++)
        {
            var (row, up) = (Double(x, r, columns), Double(dy, r, columns));
            var (gain, largest) = (gainOf(row), up.Max(Math.Abs));
            var rounding = RoundingOfStatistics(row, gain);
            tolerance[r] = FlashTolerance.Of(truthOf(row), plainOf(Row(x, r, columns))) + rounding;
            gradientTolerance[r] = FlashTolerance.Of(truthOfGradient(row, up), plainOfGradient(Row(x, r, columns), Row(dy, r, columns)))
                + (((4 * Unit) + (2 * rounding)) * largest * gain);
        }

        foreach (var width in CpuConfigurations.Widths)
        {
            float[][]? first = null;
            foreach (var threads in CpuConfigurations.ThreadsFor(rows * columns))
            {
                using var device = new CpuDevice(threads, width);
                using var step = device.BeginStep();
                var source = new TestMatrix(device, rows, columns, strided, x);
                var upstream = new TestMatrix(device, rows, columns, strided, dy);
                var y = new TestMatrix(device, rows, columns, strided);
                var dx = new TestMatrix(device, rows, columns, strided);
                var sum = new TestMatrix(device, rows, columns, strided, before);
                forward(device.Normalization, source.Tensor, y.Tensor);
                backward(device.Normalization, source.Tensor, upstream.Tensor, new(dx.Tensor, false));
                backward(device.Normalization, source.Tensor, upstream.Tensor, new(sum.Tensor, true));
                backward(device.Normalization, source.Tensor, upstream.Tensor, new(upstream.Tensor, false));
                forward(device.Normalization, source.Tensor, source.Tensor);
                float[][] results = [y.Values(), dx.Values(), sum.Values()];
                Bits.AssertEqual(source.Values(), results[0], $"{device.Name}: y in x's own place");
                Bits.AssertEqual(upstream.Values(), results[1], $"{device.Name}: dx in dy's own place");
                first ??= results;
                for (var i = 0; i < results.Length; i++)
                {
                    Bits.AssertEqual(results[i], first[i], device.Name);
                }
            }

            Bits.AssertWithin(first![0], truth, i => tolerance[i / columns], $"{width}: y");
            Bits.AssertWithin(first[1], gradientTruth, i => gradientTolerance[i / columns], $"{width}: dx");
            Bits.AssertWithin(
                first[2], [.. gradientTruth.Zip(before, (a, b) => a + b)], i => gradientTolerance[i / columns]
                + (1.2e-7 * (Math.Abs(gradientTruth[i]) + Math.Abs(before[i]))), $"{width}: dx added");
        }
    }

    /// <summary>
    /// What the rounding of the mean or the norm, two units in the last place of the largest x, comes to in y: a plain sum of a short row is
    /// often exact by luck.
    /// </summary>
    private static double RoundingOfStatistics(double[] x, double gain) => 2 * Unit * x.Max(Math.Abs) * gain;

    private static T[] Map<T>(int rows, Func<int, T[]> row) => [.. Enumerable.Range(0, rows).SelectMany(row)];

    private static float[] Row(float[] values, int row, int columns) => values[(row * columns)..((row + 1) * columns)];

    private static double[] Double(float[] values, int row, int columns) => [.. Row(values, row, columns).Select(v => (double)v)];
}
