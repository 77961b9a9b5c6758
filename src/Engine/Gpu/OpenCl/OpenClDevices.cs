using System.Globalization;
using LargeRec.Engine.Gpu.Driver;

namespace LargeRec.Engine.Gpu.OpenCl;

/// <summary>Finds OpenCL devices.</summary>
public static unsafe class OpenClDevices
{
    /// <summary>What to say where none is found.</summary>
    public const string NoneFound = "OpenCL: the library finds no device; install a driver for yours (for a CPU: PoCL)";

    private const uint PlatformName = 0x0902;
    private const uint DeviceName = 0x102B;
    private const uint DeviceVersion = 0x102F;
    private const uint DeviceMemory = 0x101F;
    private const uint DeviceComputeUnits = 0x1002;
    private const ulong AnyType = 0xFFFFFFFF;
    private const int NoPlatform = -1001;
    private const int NoDevice = -1;

    /// <summary>The devices of all platforms, in the library's order.</summary>
    /// <exception cref="GpuException">There is no OpenCL library, or it failed.</exception>
    public static IReadOnlyList<OpenClDeviceInfo> List() => List(OpenClApi.Load());

    internal static IReadOnlyList<OpenClDeviceInfo> List(OpenClApi api)
    {
        uint count = 0;
        var status = api.GetPlatformIds(0, null, &count);
        if (status != NoPlatform)
        {
            OpenClApi.Check(status, "clGetPlatformIDs");
        }

        if (count == 0)
        {
            return [];
        }

        var platforms = new nint[count];
        fixed (nint* start = platforms)
        {
            OpenClApi.Check(api.GetPlatformIds(count, start, null), "clGetPlatformIDs");
        }

        var found = new List<OpenClDeviceInfo>();
        foreach (var platform in platforms)
        {
            var platformName = OpenClApi.Text(api.GetPlatformInfo, platform, PlatformName, "clGetPlatformInfo");
            found.AddRange(DevicesOf(api, platform).Select(device => Describe(api, platformName, device)));
        }

        return found;
    }

    /// <summary>The device of an index, or the first whose name or platform contains the text; the first of all for null.</summary>
    internal static OpenClDeviceInfo Find(OpenClApi api, string? which)
    {
        var devices = List(api);
        if (devices.Count == 0)
        {
            throw new GpuException(NoneFound);
        }

        var found = which is null ? devices[0]
            : int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? devices.ElementAtOrDefault(index)
            : devices.FirstOrDefault(d => $"{d.Platform} {d.Name}".Contains(which, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            throw new GpuException($"OpenCL: there is no device '{which}' (there are {string.Join(", ", devices.Select((d, i) => $"{i}: {d.Name}"))})");
        }

        return found.IsTooOld ? throw new GpuException($"OpenCL: {found.Name} speaks {found.Version}; the kernels need OpenCL 1.2 or later: update its driver")
            : found;
    }

    private static nint[] DevicesOf(OpenClApi api, nint platform)
    {
        uint count = 0;
        var status = api.GetDeviceIds(platform, AnyType, 0, null, &count);
        if (status != NoDevice)
        {
            OpenClApi.Check(status, "clGetDeviceIDs");
        }

        if (count == 0)
        {
            return [];
        }

        var devices = new nint[count];
        fixed (nint* start = devices)
        {
            OpenClApi.Check(api.GetDeviceIds(platform, AnyType, count, start, null), "clGetDeviceIDs");
        }

        return devices;
    }

    private static OpenClDeviceInfo Describe(OpenClApi api, string platform, nint device)
    {
        long memory;
        uint units;
        OpenClApi.Check(api.GetDeviceInfo(device, DeviceMemory, sizeof(long), &memory, null), "clGetDeviceInfo");
        OpenClApi.Check(api.GetDeviceInfo(device, DeviceComputeUnits, sizeof(uint), &units, null), "clGetDeviceInfo");
        return new OpenClDeviceInfo(
            platform, OpenClApi.Text(api.GetDeviceInfo, device, DeviceName, "clGetDeviceInfo"),
            OpenClApi.Text(api.GetDeviceInfo, device, DeviceVersion, "clGetDeviceInfo"), memory, (int)units)
        {
            Handle = device,
        };
    }
}
