using LargeRec.Engine.Cpu;
using LargeRec.Engine.Maths;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu.Pointwise;

/// <summary>Every pointwise function through the CPU's loops, against float64: value and derivative.</summary>
public sealed class PointwiseFunctionTests
{
    /// <summary>
    /// A function, its float64 reference and how many float32 units in the last place (6e-8) its value may differ by; the absolute part stands for
    /// results so small that e^x counts as 0.
    /// </summary>
    public sealed record FunctionCase(
        string Name,
        Func<double, double> Value,
        Func<double, double> Derivative,
        double DerivativeScale,
        Action<PointwiseOperations, Tensor, Tensor> Forward,
        Action<PointwiseOperations, Tensor, Tensor, GradientTarget> Backward,
        Func<float, float> ScalarForward,
        Func<float, float> ScalarDerivative)
    {
        public override string ToString() => Name;
    }

    private static readonly FunctionCase[] Functions =
    [
        Case<Identity>(x => x, _ => 1),
        Case<Relu>(x => Math.Max(0, x), x => x > 0 ? 1 : 0),
        Case<Sigmoid>(DoubleReference.Sigmoid, x => DoubleReference.Sigmoid(x) * DoubleReference.Sigmoid(-x)),
        Case<Tanh>(Math.Tanh, x => 1 / Math.Cosh(x) / Math.Cosh(x)),

        // 1 − σ loses what σ was rounded by, times x·σ; and the derivative passes through 0, where only an absolute error makes sense.
        Case<Silu>(x => x * DoubleReference.Sigmoid(x), x => DoubleReference.Sigmoid(x) * (1 + (x * DoubleReference.Sigmoid(-x))), 1),

        // The derivative passes through 0.
        Case<Gelu>(x => x * DoubleReference.Erfc(-x / Math.Sqrt(2)) / 2, x => (DoubleReference.Erfc(-x / Math.Sqrt(2)) / 2)
            + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)), 1),
    ];

    private static FunctionCase Case<TFunction>(Func<double, double> value, Func<double, double> derivative, double derivativeScale = 0)
        where TFunction : struct, IPointwiseFunction => new(
            typeof(TFunction).Name,
            value,
            derivative,
            derivativeScale,
            (operations, x, y) => operations.Forward<TFunction>(x, y),
            (operations, x, dy, dx) => operations.Backward<TFunction>(x, dy, dx),
            x => TFunction.Forward(new Float1(x)).Value,
            x => TFunction.Derivative(new Float1(x)).Value);

    private static float[] Sweep()
    {
        var values = new List<float> { 0f, -0f, 1e-38f, -1e-38f, 1e-20f, -1e-20f, 1e-6f, -1e-6f, 80f, -80f, 1000f, -1000f, 1e30f, -1e30f };
        for (var x = -30f; x < 30; x += 0.00731f)
        {
            values.Add(x);
        }

        return [.. values];
    }

    [Test]
    public void Value_and_derivative_agree_with_float64([ValueSource(nameof(Functions))] FunctionCase function)
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        var values = Sweep();
        var x = device.Upload(values, Shape.Vector(values.Length));
        var ones = device.Allocate(x.Shape);
        device.Pointwise.Fill(ones, 1);
        var (y, dx) = (device.Allocate(x.Shape), device.Allocate(x.Shape));
        function.Forward(device.Pointwise, x, y);
        function.Backward(device.Pointwise, x, ones, new(dx, false));
        var (forward, derivative) = (y.ToArray(), dx.ToArray());
        for (var i = 0; i < values.Length; i++)
        {
            var truth = function.Value(values[i]);
            var slope = function.Derivative(values[i]);

            // Ten units: four roundings and an exponential, and the tails' exponent. e^x counts as 0 below 1.7e-38, as −2.7e-37 in SiLU.
            Assert.That(forward[i], Is.EqualTo(truth).Within((10 * 6e-8 * Math.Abs(truth)) + 3e-36), $"{function.Name}({values[i]})");
            var scale = Math.Abs(slope) + (function.DerivativeScale * (1 + Math.Abs(values[i] * slope)));
            Assert.That(derivative[i], Is.EqualTo(slope).Within((10 * 6e-8 * scale) + 3e-36), $"{function.Name}'({values[i]})");
        }
    }

    [Test]
    public void The_derivative_is_that_of_the_value([ValueSource(nameof(Functions))] FunctionCase function)
    {
        const double H = 1e-5;
        for (var x = -9.01; x < 9; x += 0.0371)
        {
            var difference = (function.Value(x + H) - function.Value(x - H)) / (2 * H);
            Assert.That(function.Derivative(x), Is.EqualTo(difference).Within(1e-8));
        }
    }

    [Test]
    public void A_vector_computes_the_bits_of_a_scalar([ValueSource(nameof(Functions))] FunctionCase function)
    {
        var values = Sweep();
        foreach (var width in CpuConfigurations.Widths)
        {
            using var device = new CpuDevice(1, width);
            using var step = device.BeginStep();
            var x = device.Upload(values, Shape.Vector(values.Length));
            var ones = device.Allocate(x.Shape);
            device.Pointwise.Fill(ones, 1);
            var (y, dx) = (device.Allocate(x.Shape), device.Allocate(x.Shape));
            function.Forward(device.Pointwise, x, y);
            function.Backward(device.Pointwise, x, ones, new(dx, false));
            Bits.AssertEqual(y.ToArray(), [.. values.Select(function.ScalarForward)], $"{width}");
            Bits.AssertEqual(dx.ToArray(), [.. values.Select(function.ScalarDerivative)], $"{width}");
        }
    }

    [Test]
    public void Infinities_go_to_the_limits_and_nan_stays([ValueSource(nameof(Functions))] FunctionCase function)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(function.ScalarForward(float.NaN), Is.NaN);
            Assert.That(function.ScalarForward(float.PositiveInfinity),
                Is.EqualTo(function.Value(1e30) > 2 ? float.PositiveInfinity : (float)function.Value(1e30)));

            // SiLU's derivative of +∞ is ∞·0: a guard would cost the attention's inner loop an operation, for a value that has overflowed before.
            if (function.Name != "Silu")
            {
                Assert.That(function.ScalarDerivative(float.PositiveInfinity), Is.EqualTo((float)function.Derivative(1e30)));
            }

            if (function.Name != "Identity")
            {
                Assert.That(function.ScalarForward(float.NegativeInfinity), Is.EqualTo((float)Math.Round(function.Value(-50))).Within(1e-36));
                Assert.That(function.ScalarDerivative(float.NegativeInfinity), Is.EqualTo(0).Within(1e-36));
            }
        }
    }

    [Test]
    public void Loops_honour_strides_tails_aliases_and_accumulation(
        [Values(0, 1, 3, 37, 700)] int rows, [Values(0, 1, 5, 17, 50, 64, 200)] int columns, [Values] bool strided)
    {
        var (values, gradients, before) = (TestMatrix.Normal("x", rows * columns), TestMatrix.Normal("dy", rows * columns),
            TestMatrix.Normal("dx", rows * columns));
        var expected = values.Select(v => Silu.Forward(new Float1(v)).Value).ToArray();
        var slopes = values.Select(v => Silu.Derivative(new Float1(v)).Value).ToArray();
        foreach (var width in CpuConfigurations.Widths)
        {
            foreach (var threads in CpuConfigurations.ThreadsFor(rows * columns))
            {
                using var device = new CpuDevice(threads, width);
                using var step = device.BeginStep();
                var x = new TestMatrix(device, rows, columns, strided, values);
                var dy = new TestMatrix(device, rows, columns, strided, gradients);
                var y = new TestMatrix(device, rows, columns, strided);
                var dx = new TestMatrix(device, rows, columns, strided, before);
                device.Pointwise.Forward<Silu>(x.Tensor, y.Tensor);
                device.Pointwise.Backward<Silu>(x.Tensor, dy.Tensor, new(dx.Tensor, true));
                device.Pointwise.Backward<Silu>(x.Tensor, dy.Tensor, new(dy.Tensor, false));
                device.Pointwise.Forward<Silu>(x.Tensor, x.Tensor);
                Bits.AssertEqual(y.Values(), expected, device.Name);
                Bits.AssertEqual(x.Values(), expected, device.Name);
                Bits.AssertEqual(dy.Values(), [.. slopes.Zip(gradients, (s, g) => s * g)], device.Name);
                Bits.AssertEqual(dx.Values(), [.. slopes.Zip(gradients).Zip(before, (p, b) => MathF.FusedMultiplyAdd(p.First, p.Second, b))], device.Name);
            }
        }
    }

    [Test]
    public void Fill_copy_and_add_honour_strides_and_tails(
        [Values(0, 1, 3, 37, 700)] int rows, [Values(0, 1, 5, 17, 50, 64, 200)] int columns, [Values] bool strided)
    {
        var (values, before) = (TestMatrix.Normal("x", rows * columns), TestMatrix.Normal("y", rows * columns));
        foreach (var width in CpuConfigurations.Widths)
        {
            foreach (var threads in CpuConfigurations.ThreadsFor(rows * columns))
            {
                using var device = new CpuDevice(threads, width);
                using var step = device.BeginStep();
                var x = new TestMatrix(device, rows, columns, strided, values);
                var filled = new TestMatrix(device, rows, columns, strided);
                var copied = new TestMatrix(device, rows, columns, !strided);
                var added = new TestMatrix(device, rows, columns, strided, before);
                device.Pointwise.Fill(filled.Tensor, 2.5f);
                device.Pointwise.Copy(x.Tensor, copied.Tensor);
                device.Pointwise.Add(x.Tensor, added.Tensor, -0.3f);
                Bits.AssertEqual(filled.Values(), [.. Enumerable.Repeat(2.5f, rows * columns)], device.Name);
                Bits.AssertEqual(copied.Values(), values, device.Name);
                Bits.AssertEqual(added.Values(), [.. values.Zip(before, (v, b) => MathF.FusedMultiplyAdd(-0.3f, v, b))], device.Name);
            }
        }
    }
}
