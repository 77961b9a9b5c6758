using System.Globalization;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Engine.Gpu.OpenCl;
using LargeRec.Kernels.Compilation;
using LargeRec.Kernels.Tests.Devices;

namespace LargeRec.Kernels.Tests.Oclgrind;

/// <summary>
/// What runs under oclgrind, whose OpenCL library is loaded before any other: <c>tour [FIRST COUNT]</c> calls at every kernel of the catalogue and compares
/// with the CPU, <c>planted NAME</c> runs a kernel with a fault.
/// </summary>
internal static class CheckedProgram
{
    /// <summary>The name by which a preloaded oclgrind answers; a real loader's is another.</summary>
    private static readonly string[] Library = ["libOpenCL.so"];

    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["tour"]:
                Tour(0, KernelTour.Stops.Count);
                return 0;
            case ["tour", var first, var count]:
                Tour(int.Parse(first, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture));
                return 0;
            case ["planted", var kernel]:
                Planted(kernel);
                return 0;
            default:
                Console.Error.WriteLine("tour [FIRST COUNT] | planted KERNEL");
                return 2;
        }
    }

    private static void Tour(int first, int count)
    {
        var source = new IlgpuKernelSource();
        using var driver = Open();
        using var device = new GpuDevice(driver, new NamedKernelSource(source));
        using var cpu = new CpuDevice(1, SimdWidth.Bits256);
        var clock = new System.Diagnostics.Stopwatch();
        foreach (var stop in KernelTour.Stops.Skip(first).Take(count))
        {
            clock.Restart();
            var (actual, expected) = (stop.Run(device), stop.Run(cpu));
            var worst = actual.Zip(expected, (a, e) => Math.Abs(a - e)).DefaultIfEmpty().Max();
            Console.WriteLine($"{stop.Name}: {(worst < 1e-4 ? "agrees" : $"DIFFERS by {worst}")} ({clock.Elapsed.TotalSeconds:F1} s)");
        }
    }

    private static void Planted(string kernel)
    {
        var compiler = new IlgpuCompiler();
        using var driver = Open();
        var image = NamedKernelSource.Prepare(compiler.Compile($"planted.{kernel}", typeof(PlantedKernels).GetMethod(kernel)!, KernelTarget.OpenCl));
        const int Count = 4 * PlantedKernels.Threads;
        const int Bytes = Count * sizeof(int);
        var (x, output) = (driver.Allocate(Bytes), driver.Allocate(PlantedKernels.Threads * sizeof(int)));
        driver.Write(x, 0, new byte[Bytes]);
        driver.Launch(
            driver.Load(image),
            image,
            2,
            PlantedKernels.Threads,
            0,
            [
                new KernelArgument(KernelParameter.View, x, Count),
                new KernelArgument(KernelParameter.View, output, PlantedKernels.Threads),
                new KernelArgument(KernelParameter.Word, 0, Count),
            ]);
        driver.Synchronize();
        driver.Free(x, Bytes);
        driver.Free(output, PlantedKernels.Threads * sizeof(int));
    }

    private static OpenClDriver Open()
    {
        var driver = OpenClDriver.Open(null, OpenClApi.Load(Library));
        return driver.Name.Contains("oclgrind", StringComparison.OrdinalIgnoreCase)
            ? driver
            : throw new GpuException($"run this under oclgrind; the device is {driver.Name}");
    }
}
