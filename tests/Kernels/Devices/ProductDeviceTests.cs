using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>Products with every combination of transposes and of what happens to a sum on its way out.</summary>
[TestFixture(KernelDevice.OpenCl)]
[TestFixture(KernelDevice.InterpretedPtx)]
public sealed class ProductDeviceTests(KernelDevice kind) : DeviceFixture(kind)
{
    // Sums of up to 40 products of numbers below 1.
    private const double Absolute = 1e-5;

    [Test]
    public void Every_epilogue_and_transpose_agrees(
        [Values] bool transposeA, [Values] bool transposeB, [Values] bool accumulate, [Values] bool bias, [Values] bool preActivation,
        [Values] bool residual) =>
        Agrees<Silu>(19, 17, 21, transposeA, transposeB, accumulate, bias, preActivation, residual);

    [TestCase(0, 5, 3)]
    [TestCase(5, 0, 3)]
    [TestCase(5, 3, 0)]
    [TestCase(0, 0, 0)]
    [TestCase(1, 1, 1)]
    [TestCase(1, 33, 40)]
    [TestCase(33, 1, 16)]
    [TestCase(16, 16, 16)]
    [TestCase(17, 32, 15)]
    public void Odd_and_empty_shapes_agree(int m, int n, int k)
    {
        Agrees<Identity>(m, n, k, false, false, false, false, false, false);
        Agrees<Gelu>(m, n, k, true, true, true, true, true, true);
    }

    [Test]
    public void A_residual_may_be_the_output()
    {
        var (gpu, cpu) = OnBoth(device =>
        {
            var a = device.Upload(Values.Uniform("a", 20 * 9), Shape.Matrix(20, 9));
            var b = device.Upload(Values.Uniform("b", 9 * 18), Shape.Matrix(9, 18));
            var c = device.Upload(Values.Uniform("c", 20 * 18), Shape.Matrix(20, 18));
            device.Products.Multiply<Relu>(a, false, b, false, c, new ProductEpilogue { Residual = c });
            return c.ToArray();
        });
        Agreement.Close(gpu, cpu, 0, Absolute);
    }

    [Test]
    public void Shapes_that_do_not_fit_are_refused_in_the_words_of_the_CPU() => FailsAlike<ArgumentException>(device => device.Products.Multiply(
        device.Allocate(Shape.Matrix(2, 3)), false, device.Allocate(Shape.Matrix(4, 5)), false, device.Allocate(Shape.Matrix(2, 5))));

    private void Agrees<TActivation>(
        int m, int n, int k, bool transposeA, bool transposeB, bool accumulate, bool bias, bool preActivation, bool residual)
        where TActivation : struct, IPointwiseFunction
    {
        var (gpu, cpu) = OnBoth(device =>
        {
            var (_, a) = transposeA ? Values.Strided(device, "a", k, m) : Values.Strided(device, "a", m, k);
            var (_, b) = transposeB ? Values.Strided(device, "b", n, k) : Values.Strided(device, "b", k, n);
            var (whole, c) = Values.Strided(device, "c", m, n);
            var (wholePre, pre) = Values.Strided(device, "pre", m, n);
            var (_, added) = Values.Strided(device, "residual", m, n);
            device.Products.Multiply<TActivation>(a, transposeA, b, transposeB, c, new ProductEpilogue
            {
                Accumulate = accumulate,
                Bias = bias ? device.Upload(Values.Uniform("bias", n), Shape.Matrix(1, n)) : null,
                PreActivation = preActivation ? pre : null,
                Residual = residual ? added : null,
            });
            return (float[])[.. whole.ToArray(), .. wholePre.ToArray()];
        });
        Agreement.Close(gpu, cpu, 0, Absolute);
    }
}
