using System.Runtime.InteropServices;
using LargeRec.Autograd;
using LargeRec.Cases;
using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Engine.Tensors;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>Every operation case on an OpenCL device: against float64, gradients against central differences, the same bits from run to run.</summary>
public sealed class OperationCaseDeviceTests : IDisposable
{
    private readonly IlgpuKernelSource source = new();
    private GpuDevice? device;

    public static IEnumerable<VariantCase> All => VariantCase.All(KernelTarget.OpenCl);

    [OneTimeSetUp]
    public void Open() => device = TestDevices.Open(KernelDevice.OpenCl, source);

    [OneTimeTearDown]
    public void Dispose() => device?.Dispose();

    [TestCaseSource(nameof(All))]
    public void Agrees_with_float64_with_the_same_bits_each_time(VariantCase chosen)
    {
        var operation = chosen.Operation;
        var inputs = operation.Inputs.Select(i => Array.ConvertAll(i.Values, v => (double)v)).ToArray();
        var expected = operation.Reference(inputs);
        var tolerance = Float32Tolerance.OfOutputs(operation.Reference, inputs);
        var held = device!.HeldBytes;
        var result = chosen.Run(device);
        var again = chosen.Run(device);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(result.Output[i] - expected[i]) <= tolerance))
            {
                Assert.Fail($"output {i} is {result.Output[i]:G9}, expected {expected[i]:G9} within {tolerance:G3}");
            }
        }

        var check = new GradientCheck(
            operation.Reference,
            [.. operation.Inputs.Select(i => new GradientCheckInput(i.Name, i.Values, i.DifferenceStep, i.IsDifferentiable))],
            result.Upstream);
        var report = check.Compare(result.Gradients);
        Assert.That(report.Passed, $"{report}");
        Assert.That(SameBits(result.Output, again.Output), "the output of the second run has other bits");
        for (var i = 0; i < result.Gradients.Count; i++)
        {
            Assert.That(SameBits(result.Gradients[i], again.Gradients[i]), $"the gradient of {operation.Inputs[i].Name} has other bits in the second run");
        }

        // What a step took stays in the pool; nothing else is held.
        Assert.That(device.PersistentBytes, Is.LessThan(held + 4096));
    }

    [Test]
    public void Refuses_row_gradients_by_name_and_goes_on()
    {
        using var step = device!.BeginStep();
        var scales = device.Allocate(Shape.Vector(3));
        Assert.That(
            () => device.Normalization.L2Scales(device.Upload(new float[6], Shape.Matrix(3, 2)), 1e-6f, scales),
            Throws.TypeOf<NotSupportedException>().With.Message.EndsWith($": the device '{device.Name}' does not have this operation; the CPU device does"));
        device.Pointwise.Fill(scales, 2);
        Assert.That(scales.ToArray(), Is.All.EqualTo(2f));
    }

    public static IEnumerable<OperationCase> OfTheCpuAlone => OperationCases.All.Where(operation => operation.IsCpuOnly);

    /// <summary>Never a silent detour to the CPU.</summary>
    [TestCaseSource(nameof(OfTheCpuAlone))]
    public void Refuses_what_it_lacks_by_name_and_goes_on(OperationCase operation)
    {
        Assert.That(
            () => CaseRunner.Run(operation, device!),
            Throws.TypeOf<NotSupportedException>().With.Message.EndsWith($": the device '{device!.Name}' does not have this operation; the CPU device does"));
        Assert.That(() => CaseRunner.Run(OperationCases.OnDevices.First(), device!), Throws.Nothing);
    }

    private static bool SameBits(float[]? a, float[]? b) =>
        MemoryMarshal.Cast<float, int>(a.AsSpan()).SequenceEqual(MemoryMarshal.Cast<float, int>(b.AsSpan()));
}
