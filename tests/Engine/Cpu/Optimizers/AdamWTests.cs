using LargeRec.Engine.Cpu;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu.Optimizers;

public sealed class AdamWTests
{
    [Test]
    public void Agrees_with_float64_over_steps([Values(0, 1, 3, 400)] int rows, [Values(1, 5, 17, 50, 64, 200)] int columns, [Values] bool strided)
    {
        const int Steps = 3;
        var count = rows * columns;
        var start = TestMatrix.Normal("p", count);
        var gradients = Enumerable.Range(1, Steps).Select(t => TestMatrix.Normal($"g{t}", count).Select(g => g * 1e-3f).ToArray()).ToArray();
        if (count > 2)
        {
            // Never a gradient: m and v stay 0, and only the decay works.
            (gradients[0][1], gradients[1][1], gradients[2][1]) = (0, 0, 0);
        }

        var truth = Reference(start, gradients);
        foreach (var width in CpuConfigurations.Widths)
        {
            float[][]? first = null;
            foreach (var threads in CpuConfigurations.ThreadsFor(rows * columns))
            {
                using var device = new CpuDevice(threads, width);
                using var step = device.BeginStep();
                var p = new TestMatrix(device, rows, columns, strided, start);
                var m = new TestMatrix(device, rows, columns, strided, new float[count]);
                var v = new TestMatrix(device, rows, columns, strided, new float[count]);
                for (var t = 1; t <= Steps; t++)
                {
                    var g = new TestMatrix(device, rows, columns, strided, gradients[t - 1]);
                    device.Optimizer.AdamW(p.Tensor, g.Tensor, m.Tensor, v.Tensor, new(1e-2f, 0.9f, 0.98f, 1e-8f, 0.1f, t));
                    Bits.AssertEqual(g.Values(), gradients[t - 1], "the gradient stays");
                }

                float[][] results = [p.Values(), m.Values(), v.Values()];
                first ??= results;
                for (var i = 0; i < results.Length; i++)
                {
                    Bits.AssertEqual(results[i], first[i], device.Name);
                }
            }

            // A step is at most about lr = 0.01 with a dozen roundings, and p is rounded twice a step.
            Bits.AssertWithin(first![0], truth.P, i => Steps * ((2 * 6e-8 * Math.Abs(truth.P[i])) + (12 * 6e-8 * 0.02)), $"{width}: p");

            // m cancels: each step's rounding is of its parts, g up to 5e-3.
            Bits.AssertWithin(first[1], truth.M, _ => Steps * 2 * 6e-8 * 5e-4, $"{width}: m");
            Bits.AssertWithin(first[2], truth.V, i => Steps * 4 * 6e-8 * truth.V[i], $"{width}: v");
        }
    }

    [Test]
    public void The_first_step_is_the_learning_rate_in_size()
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        var p = device.Upload([1f, 1f], Shape.Vector(2));
        var g = device.Upload([1e-3f, -20f], Shape.Vector(2));
        var (m, v) = (device.Upload([0f, 0f], Shape.Vector(2)), device.Upload([0f, 0f], Shape.Vector(2)));
        device.Optimizer.AdamW(p, g, m, v, new(0.01f, 0.9f, 0.999f, 1e-8f, 0, 1));
        Assert.That(p.ToArray(), Is.EqualTo(new[] { 0.99f, 1.01f }).Within(2e-7));
    }

    [Test]
    public void A_scale_counts_as_if_the_gradient_were_scaled_before()
    {
        // Both round the same product once, so not a bit differs.
        const float Scale = 0.3f;
        var (start, gradient) = (TestMatrix.Normal("p", 170), TestMatrix.Normal("g", 170));
        foreach (var width in CpuConfigurations.Widths)
        {
            using var device = new CpuDevice(1, width);
            using var step = device.BeginStep();
            float[] Updated(float[] g, float scale)
            {
                var p = device.Upload(start, Shape.Matrix(10, 17));
                var (m, v) = (device.Upload(new float[170], p.Shape), device.Upload(new float[170], p.Shape));
                device.Optimizer.AdamW(p, device.Upload(g, p.Shape), m, v, new(1e-2, 0.9, 0.98, 1e-8, 0.1, 1) { GradientScale = scale });
                return [.. p.ToArray(), .. m.ToArray(), .. v.ToArray()];
            }

            var scaled = Updated(gradient, Scale);
            Bits.AssertEqual(scaled, Updated([.. gradient.Select(g => g * Scale)], 1), $"{width}");
            Assert.That(scaled, Is.Not.EqualTo(Updated(gradient, 1)));
        }
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void A_scale_that_is_not_finite_is_refused(float scale)
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        var p = device.Allocate(Shape.Vector(2));
        Assert.That(
            () => device.Optimizer.AdamW(p, p, p, p, new(0.01f, 0.9f, 0.999f, 1e-8f, 0, 1) { GradientScale = scale }),
            Throws.ArgumentException.With.Message.Contains("must be finite"));
    }

    [Test]
    public void A_step_of_zero_is_refused()
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        var p = device.Allocate(Shape.Vector(2));
        Assert.That(() => device.Optimizer.AdamW(p, p, p, p, new(0.01f, 0.9f, 0.999f, 1e-8f, 0, 0)),
            Throws.ArgumentException.With.Message.Contains("counts from 1"));
    }

    private static (double[] P, double[] M, double[] V) Reference(float[] start, float[][] gradients)
    {
        var (p, m, v) = (start.Select(x => (double)x).ToArray(), new double[start.Length], new double[start.Length]);
        double lr = 1e-2f, beta1 = 0.9f, beta2 = 0.98f, epsilon = 1e-8f, decay = 0.1f;
        for (var t = 1; t <= gradients.Length; t++)
        {
            for (var i = 0; i < p.Length; i++)
            {
                double g = gradients[t - 1][i];
                p[i] -= lr * decay * p[i];
                m[i] = (beta1 * m[i]) + ((1 - beta1) * g);
                v[i] = (beta2 * v[i]) + ((1 - beta2) * g * g);
                p[i] -= lr / (1 - Math.Pow(beta1, t)) * m[i] / ((Math.Sqrt(v[i]) / Math.Sqrt(1 - Math.Pow(beta2, t))) + epsilon);
            }
        }

        return (p, m, v);
    }
}
