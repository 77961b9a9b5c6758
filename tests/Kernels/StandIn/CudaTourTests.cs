using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Cuda;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Kernels.Tests.Checks;
using LargeRec.Kernels.Tests.Devices;

namespace LargeRec.Kernels.Tests.StandIn;

/// <summary>
/// Every kernel by the CUDA host path: its PTX is loaded, its entry found, and it is launched with arguments of the sizes that its parameters have and with
/// views that stay within the device's memory. The stand-in computes nothing, so results are not looked at.
/// </summary>
[NonParallelizable]
public sealed class CudaTourTests
{
    private readonly StandInLibrary _library = StandInLibrary.Build("tour");
    private readonly CheckedSource _source = new(KernelCheck.StandIn);

    [OneTimeTearDown]
    public void Stop() => _source.Record();

    [Test]
    public void Every_kernel_is_loaded_and_launched_and_nothing_is_left()
    {
        _library.Reset();
        var asked = new AskedFor(_source);
        using (var device = new GpuDevice(CudaDriver.Open(null, _library.Path), asked))
        {
            foreach (var stop in KernelTour.Stops)
            {
                var launches = _library.Launches.Length;
                try
                {
                    stop.Run(device);
                }
                catch (ArithmeticException)
                {
                    // What nobody computed may look like a NaN.
                }

                Assert.That(_library.Launches.Length, Is.GreaterThan(launches), stop.Name);
            }
        }

        // A device asks for a kernel to launch it; that the tour does launch every one, the interpreter's reports show (KernelTourTests).
        Assert.That(KernelCatalogue.All.Select(e => e.Name).Except(asked.Names), Is.Empty, "kernels that were not loaded");
        Assert.That(_library.Calls("cuModuleLoadDataEx"), Is.EqualTo(KernelCatalogue.All.Count));
        Assert.That((_library.Faults, _library.Leaked, _library.Alive), Is.EqualTo(("", 0L, 0L)));
    }

    private sealed class AskedFor(IKernelSource source) : IKernelSource
    {
        public HashSet<string> Names { get; } = [];

        public KernelImage Load(string name, KernelTarget target)
        {
            Names.Add(name);
            return source.Load(name, target);
        }
    }
}
