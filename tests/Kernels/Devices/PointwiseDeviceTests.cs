using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>Value by value: every function at the values where functions go wrong, and memory operations between strided matrices.</summary>
[TestFixture(KernelDevice.OpenCl)]
[TestFixture(KernelDevice.InterpretedPtx)]
public sealed class PointwiseDeviceTests(KernelDevice kind) : DeviceFixture(kind)
{
    // A few units in the last place: the CPU fuses multiply-adds, a device may or may not.
    private const double Relative = 2e-6;

    // Where a function comes near 0 between two of its zeros, what rounding 1 leaves; and denormals, which devices may take as 0.
    private const double Absolute = 1e-7;

    private static readonly (int Rows, int Columns)[] Shapes = [(0, 5), (5, 0), (1, 1), (1, 300), (7, 3), (33, 17)];

    [Test]
    public void Gelu_agrees() => Agrees<Gelu>();

    [Test]
    public void Identity_agrees() => Agrees<Identity>();

    [Test]
    public void Relu_agrees() => Agrees<Relu>();

    [Test]
    public void Sigmoid_agrees() => Agrees<Sigmoid>();

    [Test]
    public void Silu_agrees() => Agrees<Silu>();

    [Test]
    public void Tanh_agrees() => Agrees<Tanh>();

    [Test]
    public void A_gradient_is_added_and_stays_within_its_columns()
    {
        foreach (var (rows, columns) in Shapes)
        {
            var (gpu, cpu) = OnBoth(device =>
            {
                var (_, x) = Values.Strided(device, "x", rows, columns);
                var (_, dy) = Values.Strided(device, "dy", rows, columns);
                var (whole, dx) = Values.Strided(device, "dx", rows, columns);
                device.Pointwise.Backward<Silu>(x, dy, new GradientTarget(dx, true));
                return whole.ToArray();
            });
            Agreement.Close(gpu, cpu, Relative, Absolute);
        }
    }

    [Test]
    public void Fill_copy_and_add_stay_within_their_columns()
    {
        foreach (var (rows, columns) in Shapes)
        {
            var (gpu, cpu) = OnBoth(device =>
            {
                var (_, x) = Values.Strided(device, "x", rows, columns);
                var (filled, a) = Values.Strided(device, "a", rows, columns);
                var (copied, b) = Values.Strided(device, "b", rows, columns);
                var (added, c) = Values.Strided(device, "c", rows, columns);
                device.Pointwise.Fill(a, -2.5f);
                device.Pointwise.Copy(x, b);
                device.Pointwise.Add(x, c, 0.5f);
                device.Pointwise.Add(c, c, 2f);
                return (float[])[.. filled.ToArray(), .. copied.ToArray(), .. added.ToArray()];
            });
            Agreement.Close(gpu, cpu, 1e-6, 1e-7);
        }
    }

    [TestCase(0f)]
    [TestCase(0.2f)]
    [TestCase(0.999f)]
    public void Dropout_draws_the_very_mask_of_the_CPU(float rate)
    {
        foreach (var (rows, columns) in (ReadOnlySpan<(int, int)>)[(0, 3), (1, 1), (3, 63), (5, 64), (4, 65), (2, 130)])
        {
            foreach (var forwardCount in (ReadOnlySpan<uint>)[0, 1, 4_000_000_000])
            {
                var site = new DropoutSite(rate, 0xFEDCBA9876543210, forwardCount, 0x89ABCDEF);
                var (gpu, cpu) = OnBoth(device =>
                {
                    var (_, x) = Values.Strided(device, "x", rows, columns);
                    var (whole, y) = Values.Strided(device, "y", rows, columns);
                    device.Pointwise.Dropout(x, site, y);
                    return whole.ToArray();
                });
                Agreement.SameBits(gpu, cpu, $"rate {rate}, [{rows}, {columns}], forward {forwardCount}");
            }
        }
    }

    [Test]
    public void Shapes_that_differ_are_refused_in_the_words_of_the_CPU() => FailsAlike<ArgumentException>(
        device => device.Pointwise.Copy(device.Allocate(Shape.Matrix(2, 3)), device.Allocate(Shape.Matrix(3, 2))));

    private void Agrees<TFunction>()
        where TFunction : struct, IPointwiseFunction
    {
        var values = (float[])[.. Values.Edges, .. Values.Uniform("near", 300, 2), .. Values.Uniform("far", 300, 30)];
        var shape = Shape.Matrix(1, values.Length);
        var (gpu, cpu) = OnBoth(device =>
        {
            var x = device.Upload(values, shape);
            var y = device.Allocate(shape);
            var dx = device.Allocate(shape);
            var ones = device.Allocate(shape);
            device.Pointwise.Fill(ones, 1f);
            device.Pointwise.Forward<TFunction>(x, y);
            device.Pointwise.Backward<TFunction>(x, ones, new GradientTarget(dx, false));
            return (Y: y.ToArray(), Dx: dx.ToArray());
        });
        Agreement.Close(gpu.Y, cpu.Y, Relative, Absolute, i => $"f({values[i]:G9})");
        Agreement.Close(gpu.Dx, cpu.Dx, Relative, Absolute, i => $"f'({values[i]:G9})");
    }
}
