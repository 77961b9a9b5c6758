using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Catalogue;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>The tour that slow checkers take: it calls at every kernel, and every device brings home what the CPU does.</summary>
[TestFixture(KernelDevice.OpenCl)]
[TestFixture(KernelDevice.InterpretedPtx)]
public sealed class KernelTourTests(KernelDevice kind) : DeviceFixture(kind)
{
    private static readonly string[] Names = [.. KernelTour.Stops.Select(s => s.Name)];

    [TestCaseSource(nameof(Names))]
    public void Every_stop_agrees_with_the_CPU(string stop)
    {
        var chosen = KernelTour.Stops.Single(s => s.Name == stop);
        Agreement.Close(chosen.Run(Gpu), chosen.Run(Cpu), 1e-4, 1e-4);
    }

    [Test]
    public void Every_kernel_of_the_catalogue_is_called_at()
    {
        var driver = new InterpretedDriver();
        var source = new IlgpuKernelSource();
        using var device = new GpuDevice(driver, source);
        foreach (var stop in KernelTour.Stops)
        {
            stop.Run(device);
        }

        Assert.That(KernelCatalogue.All.Select(e => e.Name).Except(driver.Reports.Keys), Is.Empty, "kernels that no stop calls at");
    }
}
