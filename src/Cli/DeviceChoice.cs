using LargeRec.Engine;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Driver;

namespace LargeRec.Cli;

/// <summary>From <c>--device</c> to a device.</summary>
internal static class DeviceChoice
{
    /// <summary>Opens <c>cpu</c>, <c>opencl</c>, <c>cuda</c>, or with <c>:WHICH</c> one of several, by an index or part of a name.</summary>
    /// <param name="name">As given.</param>
    /// <param name="threads">Threads of the CPU device; 0: one a core.</param>
    /// <param name="cacheFolder">Where compiled kernels are kept; null for nowhere.</param>
    /// <param name="variants">Variants of kernels that are forced; null or none for the device's own choice.</param>
    /// <param name="option">The option that names it.</param>
    /// <param name="picks">A file of variants that tuning picked; null for the one in the cache, where there is one.</param>
    /// <exception cref="UsageException">There is no such device or no driver for it, or an option does not go with it.</exception>
    public static Device Open(string name, int threads, string? cacheFolder, string[]? variants = null, string option = "--device",
        string? picks = null)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var (kind, which) = colon < 0 ? (name, null) : (name[..colon], name[(colon + 1)..]);
        if (kind == "cpu" && which is null)
        {
            if (variants is [var first, ..])
            {
                throw new UsageException($"--kernel {first}: the device cpu has no kernels to choose from; take it with --device opencl or cuda, "
                    + "or leave it away");
            }

            if (picks is not null)
            {
                throw new UsageException($"--picks {picks}: the device cpu has no kernels to choose from; leave it away");
            }

            return new CpuDevice(threads);
        }

        if (threads != 0)
        {
            throw new UsageException($"--threads {threads}: only the device cpu computes with threads of ours; leave it away with --device {name}");
        }

        if (kind is not ("opencl" or "cuda") || which is "")
        {
            throw new UsageException($"{option} {name}: take cpu, opencl or cuda, or the latter with :WHICH, an index or part of a device's name");
        }

        var selection = Selection(variants ?? [], picks ?? Kept(cacheFolder), picks is not null);
        try
        {
            var kernels = KernelToolchain.Open(cacheFolder);
            return kind == "cuda" ? GpuDevice.Cuda(kernels, which, selection) : GpuDevice.OpenCl(kernels, which, selection);
        }
        catch (GpuException exception)
        {
            throw new UsageException($"{option} {name}: {exception.Message}");
        }
    }

    /// <summary>The file that tuning writes where it is not told another.</summary>
    public static string PicksFile(string cacheFolder) => Path.Combine(cacheFolder, KernelPicks.FileName);

    private static string? Kept(string? cacheFolder) => cacheFolder is not null && PicksFile(cacheFolder) is var file && File.Exists(file) ? file : null;

    private static KernelSelection Selection(string[] variants, string? picks, bool isNamed)
    {
        try
        {
            return new KernelSelection(variants, picks is null ? null : KernelPicks.Load(picks));
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"--kernel: {exception.Message}");
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(isNamed ? $"--picks {picks}: {exception.Message}" : exception.Message);
        }
    }
}
