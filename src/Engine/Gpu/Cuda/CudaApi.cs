using System.Runtime.InteropServices;
using LargeRec.Engine.Gpu.Driver;

namespace LargeRec.Engine.Gpu.Cuda;

/// <summary>
/// The functions of the CUDA driver that we call, found by name when the library is loaded: a missing library or an old driver is an error of one line.
/// </summary>
internal sealed unsafe class CudaApi
{
    /// <summary>The first that speaks PTX 8.0: 12.0.</summary>
    private const int OldestVersion = 12_000;

    private static readonly string[] LibraryNames = ["libcuda.so.1", "libcuda.so", "nvcuda.dll"];

    private readonly delegate* unmanaged<int, byte**, int> _getErrorName;
    private readonly delegate* unmanaged<int, byte**, int> _getErrorString;

    private CudaApi(nint library)
    {
        _getErrorName = (delegate* unmanaged<int, byte**, int>)Find(library, "cuGetErrorName");
        _getErrorString = (delegate* unmanaged<int, byte**, int>)Find(library, "cuGetErrorString");
        Init = (delegate* unmanaged<uint, int>)Find(library, "cuInit");
        DriverGetVersion = (delegate* unmanaged<int*, int>)Find(library, "cuDriverGetVersion");
        DeviceGetCount = (delegate* unmanaged<int*, int>)Find(library, "cuDeviceGetCount");
        DeviceGet = (delegate* unmanaged<int*, int, int>)Find(library, "cuDeviceGet");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, int>)Find(library, "cuDeviceGetName");
        DeviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)Find(library, "cuDeviceGetAttribute");
        DeviceTotalMem = (delegate* unmanaged<nuint*, int, int>)Find(library, "cuDeviceTotalMem_v2");
        PrimaryContextRetain = (delegate* unmanaged<nint*, int, int>)Find(library, "cuDevicePrimaryCtxRetain");
        PrimaryContextRelease = (delegate* unmanaged<int, int>)Find(library, "cuDevicePrimaryCtxRelease_v2");
        ContextSetCurrent = (delegate* unmanaged<nint, int>)Find(library, "cuCtxSetCurrent");
        MemAlloc = (delegate* unmanaged<nint*, nuint, int>)Find(library, "cuMemAlloc_v2");
        MemFree = (delegate* unmanaged<nint, int>)Find(library, "cuMemFree_v2");
        MemGetInfo = (delegate* unmanaged<nuint*, nuint*, int>)Find(library, "cuMemGetInfo_v2");
        MemHostAlloc = (delegate* unmanaged<void**, nuint, uint, int>)Find(library, "cuMemHostAlloc");
        MemFreeHost = (delegate* unmanaged<void*, int>)Find(library, "cuMemFreeHost");
        CopyToDevice = (delegate* unmanaged<nint, void*, nuint, nint, int>)Find(library, "cuMemcpyHtoDAsync_v2");
        CopyToHost = (delegate* unmanaged<void*, nint, nuint, nint, int>)Find(library, "cuMemcpyDtoHAsync_v2");
        CopyOnDevice = (delegate* unmanaged<nint, nint, nuint, nint, int>)Find(library, "cuMemcpyDtoDAsync_v2");
        StreamCreate = (delegate* unmanaged<nint*, uint, int>)Find(library, "cuStreamCreate");
        StreamDestroy = (delegate* unmanaged<nint, int>)Find(library, "cuStreamDestroy_v2");
        StreamSynchronize = (delegate* unmanaged<nint, int>)Find(library, "cuStreamSynchronize");
        StreamWaitEvent = (delegate* unmanaged<nint, nint, uint, int>)Find(library, "cuStreamWaitEvent");
        EventCreate = (delegate* unmanaged<nint*, uint, int>)Find(library, "cuEventCreate");
        EventDestroy = (delegate* unmanaged<nint, int>)Find(library, "cuEventDestroy_v2");
        EventRecord = (delegate* unmanaged<nint, nint, int>)Find(library, "cuEventRecord");
        EventSynchronize = (delegate* unmanaged<nint, int>)Find(library, "cuEventSynchronize");
        ModuleLoadData = (delegate* unmanaged<nint*, void*, uint, int*, void**, int>)Find(library, "cuModuleLoadDataEx");
        ModuleUnload = (delegate* unmanaged<nint, int>)Find(library, "cuModuleUnload");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)Find(library, "cuModuleGetFunction");
        FunctionSetAttribute = (delegate* unmanaged<nint, int, int, int>)Find(library, "cuFuncSetAttribute");
        LaunchKernel = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Find(library, "cuLaunchKernel");
        StreamBeginCapture = (delegate* unmanaged<nint, int, int>)Find(library, "cuStreamBeginCapture_v2");
        StreamEndCapture = (delegate* unmanaged<nint, nint*, int>)Find(library, "cuStreamEndCapture");
        GraphInstantiate = (delegate* unmanaged<nint*, nint, ulong, int>)Find(library, "cuGraphInstantiateWithFlags");
        GraphLaunch = (delegate* unmanaged<nint, nint, int>)Find(library, "cuGraphLaunch");
        GraphExecDestroy = (delegate* unmanaged<nint, int>)Find(library, "cuGraphExecDestroy");
        GraphDestroy = (delegate* unmanaged<nint, int>)Find(library, "cuGraphDestroy");
    }

    /// <summary>The CUDA version that the driver speaks, major·1000 + minor·10.</summary>
    public int Version { get; private set; }

    public delegate* unmanaged<uint, int> Init { get; }

    public delegate* unmanaged<int*, int> DriverGetVersion { get; }

    public delegate* unmanaged<int*, int> DeviceGetCount { get; }

    public delegate* unmanaged<int*, int, int> DeviceGet { get; }

    public delegate* unmanaged<byte*, int, int, int> DeviceGetName { get; }

    public delegate* unmanaged<int*, int, int, int> DeviceGetAttribute { get; }

    public delegate* unmanaged<nuint*, int, int> DeviceTotalMem { get; }

    public delegate* unmanaged<nint*, int, int> PrimaryContextRetain { get; }

    public delegate* unmanaged<int, int> PrimaryContextRelease { get; }

    public delegate* unmanaged<nint, int> ContextSetCurrent { get; }

    public delegate* unmanaged<nint*, nuint, int> MemAlloc { get; }

    public delegate* unmanaged<nint, int> MemFree { get; }

    public delegate* unmanaged<nuint*, nuint*, int> MemGetInfo { get; }

    public delegate* unmanaged<void**, nuint, uint, int> MemHostAlloc { get; }

    public delegate* unmanaged<void*, int> MemFreeHost { get; }

    public delegate* unmanaged<nint, void*, nuint, nint, int> CopyToDevice { get; }

    public delegate* unmanaged<void*, nint, nuint, nint, int> CopyToHost { get; }

    public delegate* unmanaged<nint, nint, nuint, nint, int> CopyOnDevice { get; }

    public delegate* unmanaged<nint*, uint, int> StreamCreate { get; }

    public delegate* unmanaged<nint, int> StreamDestroy { get; }

    public delegate* unmanaged<nint, int> StreamSynchronize { get; }

    public delegate* unmanaged<nint, nint, uint, int> StreamWaitEvent { get; }

    public delegate* unmanaged<nint*, uint, int> EventCreate { get; }

    public delegate* unmanaged<nint, int> EventDestroy { get; }

    public delegate* unmanaged<nint, nint, int> EventRecord { get; }

    public delegate* unmanaged<nint, int> EventSynchronize { get; }

    public delegate* unmanaged<nint*, void*, uint, int*, void**, int> ModuleLoadData { get; }

    public delegate* unmanaged<nint, int> ModuleUnload { get; }

    public delegate* unmanaged<nint*, nint, byte*, int> ModuleGetFunction { get; }

    public delegate* unmanaged<nint, int, int, int> FunctionSetAttribute { get; }

    public delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> LaunchKernel { get; }

    public delegate* unmanaged<nint, int, int> StreamBeginCapture { get; }

    public delegate* unmanaged<nint, nint*, int> StreamEndCapture { get; }

    public delegate* unmanaged<nint*, nint, ulong, int> GraphInstantiate { get; }

    public delegate* unmanaged<nint, nint, int> GraphLaunch { get; }

    public delegate* unmanaged<nint, int> GraphExecDestroy { get; }

    public delegate* unmanaged<nint, int> GraphDestroy { get; }

    /// <summary>Loads and initialises the driver.</summary>
    /// <param name="path">The library; null for the system's. Tests give one of their own.</param>
    /// <exception cref="GpuException">There is no driver, it is too old, or it finds no device.</exception>
    public static CudaApi Load(string? path = null)
    {
        nint library = 0;
        foreach (var name in path is null ? LibraryNames : [path])
        {
            if (NativeLibrary.TryLoad(name, out library))
            {
                break;
            }
        }

        if (library == 0)
        {
            throw new GpuException(
                $"CUDA: no driver found (looked for {(path ?? string.Join(", ", LibraryNames))}); install NVIDIA's driver, or take --device cpu");
        }

        var api = new CudaApi(library);
        int version;
        api.Check(api.DriverGetVersion(&version), "cuDriverGetVersion");
        if (version < OldestVersion)
        {
            throw new GpuException($"CUDA: the driver speaks CUDA {version / 1000}.{version % 1000 / 10}; the kernels need 12.0 or later: update "
                + "NVIDIA's driver");
        }

        api.Check(api.Init(0), "cuInit");
        api.Version = version;
        return api;
    }

    /// <summary>Throws unless a call succeeded.</summary>
    public void Check(int status, string call)
    {
        if (status != 0)
        {
            throw new GpuException($"CUDA: {call} failed: {Describe(status)}");
        }
    }

    /// <summary>A status in the driver's words, with what to do where that is known.</summary>
    public string Describe(int status)
    {
        byte* name = null;
        byte* text = null;
        var known = _getErrorName(status, &name) == 0 && _getErrorString(status, &text) == 0;
        var words = known && name != null && text != null ? $"{Marshal.PtrToStringUTF8((nint)name)} ({status}), {Marshal.PtrToStringUTF8((nint)text)}"
            : $"code {status}";
        return $"{words}; {CudaStatus.Remedy(status)}";
    }

    private static nint Find(nint library, string name) => NativeLibrary.TryGetExport(library, name, out var address)
        ? address
        : throw new GpuException($"CUDA: the driver has no function {name}; it is older than CUDA 12, which the kernels need: update NVIDIA's driver");
}
