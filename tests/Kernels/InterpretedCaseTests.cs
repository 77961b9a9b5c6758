using LargeRec.Cases;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Kernels.Tests.Checks;
using LargeRec.Kernels.Tests.Devices;

namespace LargeRec.Kernels.Tests;

/// <summary>Every operation case, forward and backward, by the CUDA kernels as the interpreter of PTX executes them: against float64, and against the
/// CPU.</summary>
public sealed class InterpretedCaseTests
{
    // Float32 sums of up to a few hundred products of numbers near 1 in another order than the reference's.
    private const double Tolerance = 2e-5;

    private readonly CheckedSource source = new(KernelCheck.Interpreter);
    private readonly CpuDevice cpu = new(1, SimdWidth.Bits256);

    public static IEnumerable<VariantCase> All => VariantCase.All(KernelTarget.Sm80);

    [OneTimeTearDown]
    public void Stop()
    {
        source.Record();
        cpu.Dispose();
    }

    [TestCaseSource(nameof(All))]
    public void Agrees_with_float64_and_the_CPU(VariantCase chosen)
    {
        var operation = chosen.Operation;
        var driver = new InterpretedDriver();
        using var device = new GpuDevice(driver, source);
        var result = chosen.Run(device);
        var onCpu = CaseRunner.Run(operation, cpu);
        var exact = operation.Reference([.. operation.Inputs.Select(i => Array.ConvertAll(i.Values, v => (double)v))]);
        Close("the output", result.Output, exact, 2 * Worst(onCpu.Output, exact));
        for (var i = 0; i < onCpu.Gradients.Count; i++)
        {
            Assert.That(result.Gradients[i] is null, Is.EqualTo(onCpu.Gradients[i] is null));
            if (onCpu.Gradients[i] is { } expected)
            {
                Close($"the gradient of {operation.Inputs[i].Name}", result.Gradients[i]!, Array.ConvertAll(expected, v => (double)v), 0);
            }
        }
    }

    /// <param name="allowed">Where a case is sensitive: twice what the plain implementation on the CPU is off.</param>
    private static void Close(string what, float[] actual, double[] expected, double allowed)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length), what);
        var scale = Math.Max(1, expected.Select(Math.Abs).DefaultIfEmpty(0).Max());
        Assert.That(Worst(actual, expected), Is.LessThanOrEqualTo(Math.Max(allowed, Tolerance * scale)), what);
    }

    private static double Worst(float[] actual, double[] expected) => actual.Zip(expected, (a, e) => Math.Abs(a - e)).DefaultIfEmpty(0).Max();
}
