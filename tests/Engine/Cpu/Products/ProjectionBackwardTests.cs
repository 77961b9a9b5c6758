using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Engine.Tests.Cpu.Products;

public sealed class ProjectionBackwardTests
{
    /// <summary>Within a block, over blocks and slices, in several panels, and weights too large to be taken as a whole.</summary>
    private static readonly (int Rows, int Inputs, int Outputs)[] Shapes =
        [(0, 3, 4), (1, 1, 1), (7, 50, 33), (1100, 20, 40), (2600, 50, 200), (300, 100, 300), (40, 250, 300)];

    [Test]
    public void Agrees_with_float64_and_has_the_same_bits_for_any_number_of_threads(
        [ValueSource(nameof(Shapes))] (int Rows, int Inputs, int Outputs) shape, [Values] bool strided, [Values] bool accumulate)
    {
        var (rows, inputs, outputs) = shape;
        var (x, weight) = (TestMatrix.Normal("x", rows * inputs), TestMatrix.Normal("weight", inputs * outputs));
        var (z, dy) = (TestMatrix.Normal("z", rows * outputs), TestMatrix.Normal("dy", rows * outputs));
        var (beforeX, beforeWeight) = (TestMatrix.Normal("dx", rows * inputs), TestMatrix.Normal("dw", inputs * outputs));
        var dz = dy.Select((value, i) => value * Derivative(z[i])).ToArray();
        var dzPlain = dy.Select((value, i) => value * Silu.Derivative(new Engine.Maths.Float1(z[i])).Value).ToArray();
        var truthX = Product(rows, inputs, outputs, (r, i, o) => dz[(r * outputs) + o] * weight[(i * outputs) + o], accumulate ? beforeX : null);
        var plainX = PlainProduct(rows, inputs, outputs, (r, i, o) => dzPlain[(r * outputs) + o] * weight[(i * outputs) + o], accumulate ? beforeX : null);
        var truthWeight = Product(inputs, outputs, rows, (i, o, r) => x[(r * inputs) + i] * dz[(r * outputs) + o], accumulate ? beforeWeight : null);
        var plainWeight = PlainProduct(inputs, outputs, rows, (i, o, r) => x[(r * inputs) + i] * dzPlain[(r * outputs) + o], accumulate ? beforeWeight : null);
        var (toleranceX, toleranceWeight) = (FlashTolerance.Of(truthX, plainX), FlashTolerance.Of(truthWeight, plainWeight));
        foreach (var width in CpuConfigurations.Widths)
        {
            (float[] X, float[] Weight)? first = null;
            foreach (var threads in CpuConfigurations.ThreadsFor((long)rows * outputs))
            {
                using var device = new CpuDevice(threads, width);
                using var step = device.BeginStep();
                TestMatrix Place(int height, int columns, float[]? values) => new(device, height, columns, strided, values);
                var (ofX, ofWeight) = (Place(rows, inputs, accumulate ? beforeX : null), Place(inputs, outputs, accumulate ? beforeWeight : null));
                device.Products.ProjectionBackward<Silu>(
                    Place(rows, inputs, x).Tensor, Place(inputs, outputs, weight).Tensor, Place(rows, outputs, z).Tensor, Place(rows, outputs, dy).Tensor,
                    new GradientTarget(ofX.Tensor, accumulate), new GradientTarget(ofWeight.Tensor, accumulate));
                var (dx, dWeight) = (ofX.Values(), ofWeight.Values());
                Bits.AssertWithin(dx, truthX, _ => toleranceX, $"dx, {width}, {threads} threads");
                Bits.AssertWithin(dWeight, truthWeight, _ => toleranceWeight, $"dW, {width}, {threads} threads");
                first ??= (dx, dWeight);
                Bits.AssertEqual(dx, first.Value.X, $"dx, {width}, {threads} threads");
                Bits.AssertEqual(dWeight, first.Value.Weight, $"dW, {width}, {threads} threads");
            }
        }
    }

    [Test]
    public void One_gradient_alone_is_the_same()
    {
        const int Rows = 70, Inputs = 9, Outputs = 21;
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        TestMatrix Place(int rows, int columns, string name) => new(device, rows, columns, strided: false, TestMatrix.Normal(name, rows * columns));
        float[] Run(bool ofX)
        {
            var target = ofX ? Place(Rows, Inputs, "a") : Place(Inputs, Outputs, "b");
            device.Products.ProjectionBackward<Identity>(
                Place(Rows, Inputs, "x").Tensor, Place(Inputs, Outputs, "weight").Tensor, null, Place(Rows, Outputs, "dy").Tensor,
                ofX ? new GradientTarget(target.Tensor, false) : GradientTarget.None, ofX ? GradientTarget.None : new GradientTarget(target.Tensor, false));
            return target.Values();
        }

        var (dx, dWeight) = (Place(Rows, Inputs, "c"), Place(Inputs, Outputs, "d"));
        device.Products.ProjectionBackward<Identity>(
            Place(Rows, Inputs, "x").Tensor, Place(Inputs, Outputs, "weight").Tensor, null, Place(Rows, Outputs, "dy").Tensor,
            new GradientTarget(dx.Tensor, false), new GradientTarget(dWeight.Tensor, false));
        Assert.Multiple(() =>
        {
            Assert.That(Run(ofX: true), Is.EqualTo(dx.Values()).Within(1e-5f));
            Assert.That(Run(ofX: false), Is.EqualTo(dWeight.Values()).Within(1e-5f));
        });
    }

    [Test]
    public void Says_what_does_not_fit()
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        TestMatrix Zeros(int rows, int columns) => new(device, rows, columns, strided: false, new float[rows * columns]);
        var (x, weight, dy) = (Zeros(3, 4).Tensor, Zeros(4, 5).Tensor, Zeros(3, 5).Tensor);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => device.Products.ProjectionBackward<Silu>(x, weight, null, dy, default, default),
                Throws.ArgumentException.With.Message.EqualTo("projection backward: Silu needs the pre-activation"));
            Assert.That(
                () => device.Products.ProjectionBackward<Silu>(dy, weight, dy, dy, default, default),
                Throws.ArgumentException.With.Message.Contains("differ in the dimension that is summed (5 and 4)"));
            Assert.That(
                () => device.Products.ProjectionBackward<Silu>(x, weight, dy, dy, new(weight, false), default),
                Throws.ArgumentException.With.Message.Contains("the gradient of x"));
        });
    }

    private static double Derivative(double x)
    {
        var sigmoid = 1 / (1 + Math.Exp(-x));
        return sigmoid * (1 + (x * (1 - sigmoid)));
    }

    private static double[] Product(int rows, int columns, int depth, Func<int, int, int, double> term, float[]? before) =>
        [.. Enumerable.Range(0, rows * columns).Select(at =>
            Enumerable.Range(0, depth).Sum(k => term(at / columns, at % columns, k)) + (before?[at] ?? 0))];

    private static float[] PlainProduct(int rows, int columns, int depth, Func<int, int, int, float> term, float[]? before) =>
        [.. Enumerable.Range(0, rows * columns).Select(at =>
        {
            var sum = 0f;
            for (var k = 0; k < depth; k++)
            {
                sum += term(at / columns, at % columns, k);
            }

            return sum + (before?[at] ?? 0);
        })];
}
