using System.Runtime.InteropServices;
using System.Text;
using LargeRec.Engine.Gpu.Driver;

namespace LargeRec.Engine.Gpu.OpenCl;

/// <summary>
/// The functions of the OpenCL library that we call, found by name when the library is loaded: one that is missing, or the whole library, is an
/// error of one line, and no attribute of the assembly has to know what the library is called on each system.
/// </summary>
internal sealed unsafe class OpenClApi
{
    private static readonly string[] LibraryNames = ["libOpenCL.so.1", "libOpenCL.so", "OpenCL.dll", "/System/Library/Frameworks/OpenCL.framework/OpenCL"];

    private OpenClApi(nint library, string libraryName)
    {
        nint Find(nint handle, string name) => NativeLibrary.TryGetExport(handle, name, out var address)
            ? address
            : throw new GpuException($"OpenCL: {libraryName} has no function {name}; it is older than OpenCL 1.2, or no OpenCL at all");

        GetPlatformIds = (delegate* unmanaged<uint, nint*, uint*, int>)Find(library, "clGetPlatformIDs");
        GetPlatformInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)Find(library, "clGetPlatformInfo");
        GetDeviceIds = (delegate* unmanaged<nint, ulong, uint, nint*, uint*, int>)Find(library, "clGetDeviceIDs");
        GetDeviceInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)Find(library, "clGetDeviceInfo");
        CreateContext = (delegate* unmanaged<nint*, uint, nint*, void*, void*, int*, nint>)Find(library, "clCreateContext");
        ReleaseContext = (delegate* unmanaged<nint, int>)Find(library, "clReleaseContext");
        CreateCommandQueue = (delegate* unmanaged<nint, nint, ulong, int*, nint>)Find(library, "clCreateCommandQueue");
        ReleaseCommandQueue = (delegate* unmanaged<nint, int>)Find(library, "clReleaseCommandQueue");
        CreateBuffer = (delegate* unmanaged<nint, ulong, nuint, void*, int*, nint>)Find(library, "clCreateBuffer");
        ReleaseMemObject = (delegate* unmanaged<nint, int>)Find(library, "clReleaseMemObject");
        EnqueueWriteBuffer = (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)Find(library, "clEnqueueWriteBuffer");
        EnqueueReadBuffer = (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)Find(library, "clEnqueueReadBuffer");
        EnqueueCopyBuffer = (delegate* unmanaged<nint, nint, nint, nuint, nuint, nuint, uint, nint*, nint*, int>)Find(library, "clEnqueueCopyBuffer");
        EnqueueMapBuffer = (delegate* unmanaged<nint, nint, uint, ulong, nuint, nuint, uint, nint*, nint*, int*, void*>)Find(library, "clEnqueueMapBuffer");
        EnqueueUnmapMemory = (delegate* unmanaged<nint, nint, void*, uint, nint*, nint*, int>)Find(library, "clEnqueueUnmapMemObject");
        WaitForEvents = (delegate* unmanaged<uint, nint*, int>)Find(library, "clWaitForEvents");
        ReleaseEvent = (delegate* unmanaged<nint, int>)Find(library, "clReleaseEvent");
        Flush = (delegate* unmanaged<nint, int>)Find(library, "clFlush");
        CreateProgramWithSource = (delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint>)Find(library, "clCreateProgramWithSource");
        BuildProgram = (delegate* unmanaged<nint, uint, nint*, byte*, void*, void*, int>)Find(library, "clBuildProgram");
        GetProgramBuildInfo = (delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int>)Find(library, "clGetProgramBuildInfo");
        ReleaseProgram = (delegate* unmanaged<nint, int>)Find(library, "clReleaseProgram");
        CreateKernel = (delegate* unmanaged<nint, byte*, int*, nint>)Find(library, "clCreateKernel");
        ReleaseKernel = (delegate* unmanaged<nint, int>)Find(library, "clReleaseKernel");
        SetKernelArg = (delegate* unmanaged<nint, uint, nuint, void*, int>)Find(library, "clSetKernelArg");
        EnqueueKernel = (delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int>)Find(library, "clEnqueueNDRangeKernel");
        Finish = (delegate* unmanaged<nint, int>)Find(library, "clFinish");
    }

    public delegate* unmanaged<uint, nint*, uint*, int> GetPlatformIds { get; }

    public delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetPlatformInfo { get; }

    public delegate* unmanaged<nint, ulong, uint, nint*, uint*, int> GetDeviceIds { get; }

    public delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetDeviceInfo { get; }

    public delegate* unmanaged<nint*, uint, nint*, void*, void*, int*, nint> CreateContext { get; }

    public delegate* unmanaged<nint, int> ReleaseContext { get; }

    public delegate* unmanaged<nint, nint, ulong, int*, nint> CreateCommandQueue { get; }

    public delegate* unmanaged<nint, int> ReleaseCommandQueue { get; }

    public delegate* unmanaged<nint, ulong, nuint, void*, int*, nint> CreateBuffer { get; }

    public delegate* unmanaged<nint, int> ReleaseMemObject { get; }

    public delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> EnqueueWriteBuffer { get; }

    public delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> EnqueueReadBuffer { get; }

    public delegate* unmanaged<nint, nint, nint, nuint, nuint, nuint, uint, nint*, nint*, int> EnqueueCopyBuffer { get; }

    public delegate* unmanaged<nint, nint, uint, ulong, nuint, nuint, uint, nint*, nint*, int*, void*> EnqueueMapBuffer { get; }

    public delegate* unmanaged<nint, nint, void*, uint, nint*, nint*, int> EnqueueUnmapMemory { get; }

    public delegate* unmanaged<uint, nint*, int> WaitForEvents { get; }

    public delegate* unmanaged<nint, int> ReleaseEvent { get; }

    public delegate* unmanaged<nint, int> Flush { get; }

    public delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint> CreateProgramWithSource { get; }

    public delegate* unmanaged<nint, uint, nint*, byte*, void*, void*, int> BuildProgram { get; }

    public delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int> GetProgramBuildInfo { get; }

    public delegate* unmanaged<nint, int> ReleaseProgram { get; }

    public delegate* unmanaged<nint, byte*, int*, nint> CreateKernel { get; }

    public delegate* unmanaged<nint, int> ReleaseKernel { get; }

    public delegate* unmanaged<nint, uint, nuint, void*, int> SetKernelArg { get; }

    public delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int> EnqueueKernel { get; }

    public delegate* unmanaged<nint, int> Finish { get; }

    /// <param name="names">What the library may be called; by default what it is called on any system.</param>
    /// <exception cref="GpuException">There is no OpenCL library, or it lacks a function.</exception>
    public static OpenClApi Load(IReadOnlyList<string>? names = null)
    {
        names ??= LibraryNames;
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                return new OpenClApi(library, name);
            }
        }

        throw new GpuException($"OpenCL: no library found (looked for {string.Join(", ", names.Take(3))}); install an OpenCL driver and its loader");
    }

    /// <summary>Throws unless a call succeeded.</summary>
    public static void Check(int status, string call)
    {
        if (status != 0)
        {
            throw new GpuException($"OpenCL: {call} failed: {OpenClStatus.Describe(status)}");
        }
    }

    /// <summary>A text property of a platform or device.</summary>
    public static string Text(delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> query, nint handle, uint property, string call)
    {
        nuint length;
        Check(query(handle, property, 0, null, &length), call);
        var bytes = new byte[length];
        fixed (byte* start = bytes)
        {
            Check(query(handle, property, length, start, null), call);
        }

        return Encoding.UTF8.GetString(bytes).TrimEnd('\0').Trim();
    }
}
