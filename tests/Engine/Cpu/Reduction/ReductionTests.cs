using LargeRec.Engine.Cpu;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu.Reduction;

public sealed class ReductionTests
{
    [Test]
    public void Sums_of_rows_agree_with_float64([Values(0, 1, 3, 256, 257, 1000)] int rows, [Values(1, 5, 17, 50, 64, 200)] int columns, [Values] bool strided)
    {
        var (x, before) = (TestMatrix.Normal("x", rows * columns, 0.5f), TestMatrix.Normal("before", columns));
        var (truth, plain) = (new double[columns], new float[columns]);
        for (var i = 0; i < x.Length; i++)
        {
            truth[i % columns] += x[i];
            plain[i % columns] += x[i];
        }

        var tolerance = FlashTolerance.Of(truth, plain);
        foreach (var width in CpuConfigurations.Widths)
        {
            float[][]? first = null;
            foreach (var threads in CpuConfigurations.ThreadCounts)
            {
                using var device = new CpuDevice(threads, width);
                using var step = device.BeginStep();
                var source = new TestMatrix(device, rows, columns, strided, x);
                var (sum, added) = (new TestMatrix(device, 1, columns, strided), new TestMatrix(device, 1, columns, strided, before));
                device.Reduction.SumRows(source.Tensor, new(sum.Tensor, false));
                device.Reduction.SumRows(source.Tensor, new(added.Tensor, true));
                float[][] results = [sum.Values(), added.Values()];
                first ??= results;
                Bits.AssertEqual(results[0], first[0], device.Name);
                Bits.AssertEqual(results[1], first[1], device.Name);
            }

            Bits.AssertWithin(first![0], truth, _ => tolerance, $"{width}");
            Bits.AssertWithin(first[1], [.. truth.Zip(before, (a, b) => a + b)], i => tolerance + (1.2e-7 * (Math.Abs(truth[i]) + Math.Abs(before[i]))),
                $"{width}: added");
        }
    }

    [Test]
    public void A_value_that_is_not_finite_is_found_wherever_it_is(
        [Values(float.NaN, float.PositiveInfinity, float.NegativeInfinity)] float wrong, [Values] bool strided, [Values(1, 17, 50, 130)] int columns)
    {
        foreach (var width in CpuConfigurations.Widths)
        {
            using var device = new CpuDevice(2, width);
            using var step = device.BeginStep();
            const int Rows = 400;
            var values = new float[Rows * columns];
            Array.Fill(values, float.MaxValue);
            var x = new TestMatrix(device, Rows, columns, strided, values);
            Assert.That(device.Reduction.AllFinite(x.Tensor), Is.True);
            for (var i = 0; i < values.Length; i += 1 + (values.Length / 97))
            {
                values[i] = wrong;
                device.Upload(values, x.Tensor);
                Assert.That(device.Reduction.AllFinite(x.Tensor), Is.False, $"{device.Name}, value {i}");
                values[i] = -float.Epsilon;
            }
        }
    }

    [Test]
    public void Sums_of_squares_agree_with_float64_and_do_not_depend_on_threads([Values(0, 1, 3, 257, 1000)] int rows, [Values(1, 5, 17, 50, 200)] int columns,
        [Values] bool strided)
    {
        var values = TestMatrix.Normal("x", rows * columns, 0.5f);
        var truth = values.Sum(x => (double)x * x);
        foreach (var width in CpuConfigurations.Widths)
        {
            double? first = null;
            foreach (var threads in CpuConfigurations.ThreadCounts)
            {
                using var device = new CpuDevice(threads, width);
                using var step = device.BeginStep();
                var sum = device.Reduction.SumOfSquares(new TestMatrix(device, rows, columns, strided, values).Tensor);
                first ??= sum;
                Assert.That(sum, Is.EqualTo(first.Value), device.Name);
            }

            // A chunk's 16,384 squares are added by at least 8 lanes: 2,048 roundings of a growing sum, of which half are of each sign.
            Assert.That(first!.Value, Is.EqualTo(truth).Within(2e-6 * truth), $"{width}");
        }
    }

    [Test]
    public void What_lies_between_the_rows_is_not_squared()
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        var whole = device.Allocate(Shape.Matrix(3, 20));
        device.Pointwise.Fill(whole, float.NaN);
        var part = whole.SliceColumns(1, 18);
        device.Pointwise.Fill(part, 2);
        Assert.That(device.Reduction.SumOfSquares(part), Is.EqualTo(3 * 18 * 4));
        Assert.That(device.Reduction.SumOfSquares(whole), Is.NaN);
    }

    [Test]
    public void What_lies_between_the_rows_is_not_looked_at()
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        var whole = device.Allocate(Shape.Matrix(3, 20));
        device.Pointwise.Fill(whole, float.NaN);
        var part = whole.SliceColumns(1, 18);
        device.Pointwise.Fill(part, 0);
        Assert.That((device.Reduction.AllFinite(part), device.Reduction.AllFinite(whole)), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_tensor_without_values_is_finite()
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        Assert.That(device.Reduction.AllFinite(device.Allocate(Shape.Matrix(0, 5))), Is.True);
    }
}
