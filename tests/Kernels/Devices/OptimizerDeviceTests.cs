using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Kernels.Tests.Devices;

[TestFixture(KernelDevice.OpenCl)]
[TestFixture(KernelDevice.InterpretedPtx)]
public sealed class OptimizerDeviceTests(KernelDevice kind) : DeviceFixture(kind)
{
    [TestCase(1f)]
    [TestCase(0.125f)]
    [TestCase(0f)]
    public void AdamW_agrees_over_steps(float gradientScale)
    {
        var (gpu, cpu) = OnBoth(device =>
        {
            var shape = Shape.Matrix(9, 31);
            var parameter = device.Upload(Values.Uniform("p", 9 * 31), shape);
            var gradient = device.Upload(Values.Uniform("g", 9 * 31, 0.1f), shape);
            var (first, second) = (device.Allocate(shape), device.Allocate(shape));
            device.Pointwise.Fill(first, 0);
            device.Pointwise.Fill(second, 0);
            foreach (var t in (ReadOnlySpan<long>)[1, 2, 3, 100_000])
            {
                device.Optimizer.AdamW(parameter, gradient, first, second, new AdamWStep(1e-3, 0.9, 0.98, 1e-8, 0.01, t) { GradientScale = gradientScale });
            }

            return (P: parameter.ToArray(), M: first.ToArray(), V: second.ToArray());
        });
        Agreement.Close(gpu.P, cpu.P, 1e-6, 1e-9);
        Agreement.Close(gpu.M, cpu.M, 1e-6, 1e-12);
        Agreement.Close(gpu.V, cpu.V, 1e-6, 1e-15);
    }
}
