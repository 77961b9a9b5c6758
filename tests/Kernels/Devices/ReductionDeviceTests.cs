using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Kernels.Tests.Devices;

[TestFixture(KernelDevice.OpenCl)]
[TestFixture(KernelDevice.InterpretedPtx)]
public sealed class ReductionDeviceTests(KernelDevice kind) : DeviceFixture(kind)
{
    [TestCase(0, 4)]
    [TestCase(4, 0)]
    [TestCase(1, 1)]
    [TestCase(255, 3)]
    [TestCase(256, 2)]
    [TestCase(600, 5)]
    public void Sums_of_rows_agree(int rows, int columns)
    {
        foreach (var accumulate in (ReadOnlySpan<bool>)[false, true])
        {
            var (gpu, cpu) = OnBoth(device =>
            {
                var (_, x) = Values.Strided(device, "x", rows, columns);
                var sum = device.Upload(Values.Uniform("sum", columns), Shape.Matrix(1, columns));
                device.Reduction.SumRows(x, new GradientTarget(sum, accumulate));
                return sum.ToArray();
            });
            Agreement.Close(gpu, cpu, 1e-6, 1e-5);
        }
    }

    [TestCase(0, 4)]
    [TestCase(1, 1)]
    [TestCase(7, 9)]
    [TestCase(130, 131)]
    public void Sums_of_squares_agree(int rows, int columns)
    {
        var (gpu, cpu) = OnBoth(device => device.Reduction.SumOfSquares(Values.Strided(device, "x", rows, columns).Part));
        Assert.That(gpu, Is.EqualTo(cpu).Within(1e-6 * cpu));
    }

    [Test]
    public void Sums_of_squares_of_several_tensors_are_those_of_each_added()
    {
        var (gpu, cpu) = OnBoth(device =>
        {
            Tensor[] tensors = [.. Enumerable.Range(0, 4).Select(i => Values.Strided(device, $"x{i}", 5 * i, 7).Part)];
            return (Together: device.Reduction.SumOfSquares(tensors), Added: tensors.Sum(tensor => device.Reduction.SumOfSquares(tensor)));
        });
        Assert.That((gpu.Together, cpu.Together), Is.EqualTo((gpu.Added, cpu.Added)));
        Assert.That(gpu.Together, Is.EqualTo(cpu.Together).Within(1e-6 * cpu.Together).And.GreaterThan(0));
        Assert.That(InStep(Gpu, device => device.Reduction.SumOfSquares()), Is.Zero);
    }

    [Test]
    public void A_sum_of_squares_of_what_is_not_finite_is_not()
    {
        Assert.Multiple(() =>
        {
            Assert.That(SumOfSquares(float.NaN), Is.NaN);
            Assert.That(SumOfSquares(float.NegativeInfinity), Is.EqualTo(double.PositiveInfinity));
            Assert.That(SumOfSquares(1e30f), Is.EqualTo(double.PositiveInfinity));
        });

        double SumOfSquares(float planted) => InStep(Gpu, device => device.Reduction.SumOfSquares(Planted(device, 5, planted).Part));
    }

    /// <summary>Wherever one value is not finite it is found; beside the matrix it is not looked for.</summary>
    [Test]
    public void A_planted_value_is_found_wherever_it_is([Values(float.NaN, float.PositiveInfinity, float.NegativeInfinity)] float planted)
    {
        foreach (var place in (ReadOnlySpan<int>)[0, 1, 76, 77, 11 * 77 - 1])
        {
            Assert.That(InStep(Gpu, device => device.Reduction.AllFinite(Planted(device, place, planted).Part)), Is.False, $"{planted} at {place}");
        }

        Assert.Multiple(() =>
        {
            Assert.That(InStep(Gpu, device => device.Reduction.AllFinite(Planted(device, 0, float.MaxValue).Part)), Is.True);
            Assert.That(InStep(Gpu, device => device.Reduction.AllFinite(device.Allocate(Shape.Matrix(0, 3)))), Is.True);
            Assert.That(
                InStep(Gpu, device =>
                {
                    var (whole, part) = Planted(device, 0, 1f);
                    device.Pointwise.Fill(whole.SliceColumns(0, 3), planted);
                    return device.Reduction.AllFinite(part);
                }),
                Is.True,
                "beside it");
        });
    }

    private static (Tensor Whole, Tensor Part) Planted(Engine.Device device, int place, float value)
    {
        var (whole, part) = Values.Strided(device, "finite", 11, 77);
        device.Pointwise.Fill(part.SliceRows(place / 77, 1).SliceColumns(place % 77, 1), value);
        return (whole, part);
    }
}
