using ILGPU;
using LargeRec.Cases;
using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Tests.Compilation;

/// <summary>
/// The compiler goes other ways below O2: kernels compiled so must compute the same, to the last digits that another choice of joined products leaves.
/// </summary>
public sealed class OptimizationLevelTests
{
    private const double Tolerance = 2e-6;

    public static IEnumerable<OperationCase> Some =>
        OperationCases.OnDevices.GroupBy(c => c.GetType()).Select(g => g.Skip(g.Count() / 2).First());

    [TestCaseSource(nameof(Some))]
    public void O1_and_O2_compute_the_same(OperationCase operation)
    {
        var (simple, optimized) = (Run(operation, OptimizationLevel.O1), Run(operation, OptimizationLevel.O2));
        Close("the output", simple.Output, optimized.Output);
        for (var i = 0; i < optimized.Gradients.Count; i++)
        {
            Assert.That(simple.Gradients[i] is null, Is.EqualTo(optimized.Gradients[i] is null));
            if (optimized.Gradients[i] is { } expected)
            {
                Close($"the gradient of {operation.Inputs[i].Name}", simple.Gradients[i]!, expected);
            }
        }
    }

    [Test]
    public void No_generic_pointer_is_left_in_OpenCL_text_below_O2()
    {
        var source = new IlgpuKernelSource(OptimizationLevel.O1);
        foreach (var entry in KernelCatalogue.All)
        {
            Assert.That(source.Load(entry.Name, KernelTarget.OpenCl).Text, Does.Not.Contain("__generic"), entry.Name);
        }
    }

    private static CaseResult Run(OperationCase operation, OptimizationLevel level)
    {
        var source = new IlgpuKernelSource(level);
        using var device = new GpuDevice(new InterpretedDriver(), source);
        return CaseRunner.Run(operation, device);
    }

    private static void Close(string what, float[] actual, float[] expected)
    {
        var scale = Math.Max(1, expected.Select(Math.Abs).DefaultIfEmpty(0).Max());
        Assert.That(actual, Has.Length.EqualTo(expected.Length), what);
        Assert.That(actual.Zip(expected, (a, e) => Math.Abs((double)a - e)).DefaultIfEmpty(0).Max(), Is.LessThanOrEqualTo(Tolerance * scale), what);
    }
}
