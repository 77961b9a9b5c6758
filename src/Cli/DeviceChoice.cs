using LargeRec.Engine;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Gpu;
using LargeRec.Kernels;

namespace LargeRec.Cli;

/// <summary>From <c>--device</c> to a device.</summary>
internal static class DeviceChoice
{
    private const string OpenCl = "opencl";

    /// <summary>Opens <c>cpu</c>, <c>opencl</c> or <c>opencl:WHICH</c>, an index or part of a name.</summary>
    /// <param name="name">As given.</param>
    /// <param name="threads">Threads of the CPU device; 0: one a core.</param>
    /// <exception cref="UsageException">There is no such kind of device, or an option does not go with it.</exception>
    public static Device Open(string name, int threads)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var (kind, which) = colon < 0 ? (name, null) : (name[..colon], name[(colon + 1)..]);
        if (kind == "cpu" && which is null)
        {
            return new CpuDevice(threads);
        }

        if (threads != 0)
        {
            throw new UsageException($"--threads {threads}: only the device cpu computes with threads of ours; leave it away with --device {name}");
        }

        return kind == OpenCl
            ? GpuDevice.OpenCl(new IlgpuKernelSource(), which)
            : throw new UsageException($"--device {name}: take cpu, opencl or opencl:WHICH, an index or part of a device's name");
    }
}
