using System.Globalization;
using System.Text;
using LargeRec.Engine.Gpu.Driver;

namespace LargeRec.Engine.Gpu.Cuda;

/// <summary>Finds CUDA devices.</summary>
public static unsafe class CudaDevices
{
    /// <summary>What to say where none is found.</summary>
    public const string NoneFound = "CUDA: the driver finds no device; is one installed and visible (CUDA_VISIBLE_DEVICES)?";

    private const int Multiprocessors = 16;
    private const int Major = 75;
    private const int Minor = 76;
    private const int SharedBytesOptIn = 97;
    private const int LongestName = 256;

    /// <summary>The CUDA devices of this machine in the driver's order.</summary>
    /// <exception cref="GpuException">There is no driver, or it failed.</exception>
    public static IReadOnlyList<CudaDeviceInfo> List() => List(CudaApi.Load());

    internal static IReadOnlyList<CudaDeviceInfo> List(CudaApi api)
    {
        int count;
        api.Check(api.DeviceGetCount(&count), "cuDeviceGetCount");
        var devices = new CudaDeviceInfo[count];
        for (var index = 0; index < devices.Length; index++)
        {
            devices[index] = Describe(api, index);
        }

        return devices;
    }

    /// <summary>The device of an index, or the first whose name contains the text; the first of all for null.</summary>
    internal static CudaDeviceInfo Find(CudaApi api, string? which)
    {
        var devices = List(api);
        if (devices.Count == 0)
        {
            throw new GpuException(NoneFound);
        }

        var found = which is null ? devices[0]
            : int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? devices.ElementAtOrDefault(index)
            : devices.FirstOrDefault(d => d.Name.Contains(which, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            throw new GpuException($"CUDA: there is no device '{which}' (there are {string.Join(", ", devices.Select(d => $"{d.Index}: {d.Name}"))})");
        }

        return found.ComputeCapability >= 80
            ? found
            : throw new GpuException($"CUDA: {found.Name} has compute capability {found.ComputeCapability / 10}.{found.ComputeCapability % 10}; the kernels "
                + "need 8.0 or later");
    }

    private static CudaDeviceInfo Describe(CudaApi api, int index)
    {
        int device;
        api.Check(api.DeviceGet(&device, index), "cuDeviceGet");
        var name = stackalloc byte[LongestName];
        api.Check(api.DeviceGetName(name, LongestName, device), "cuDeviceGetName");
        nuint bytes;
        api.Check(api.DeviceTotalMem(&bytes, device), "cuDeviceTotalMem");
        var text = Encoding.UTF8.GetString(new ReadOnlySpan<byte>(name, LongestName)).Split('\0')[0];
        return new CudaDeviceInfo(
            index, text, (10 * Attribute(api, device, Major)) + Attribute(api, device, Minor), (long)bytes, Attribute(api, device, Multiprocessors),
            Attribute(api, device, SharedBytesOptIn), api.Version);
    }

    private static int Attribute(CudaApi api, int device, int attribute)
    {
        int value;
        api.Check(api.DeviceGetAttribute(&value, attribute, device), "cuDeviceGetAttribute");
        return value;
    }
}
