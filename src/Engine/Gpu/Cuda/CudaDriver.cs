using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Engine.Gpu.Cuda;

/// <summary>
/// A device through the CUDA driver: its primary context, a stream for kernels and one for copies, modules compiled from PTX by the driver. Calling
/// convention of the PTX: the parameters in order, a view as 16 bytes (pointer, length). Every call makes the context current first, since any thread may be
/// the one that calls and another device may have been used in between: the driver writes a variable of the thread.
/// </summary>
internal sealed unsafe class CudaDriver : GpuDriver
{
    /// <summary>A stream that does not wait for the default one.</summary>
    public const uint NonBlocking = 1;

    private const int CaptureThisThread = 1;
    private const int DynamicSharedBytes = 8;
    private const int SharedBytesOfEveryKernel = 48 << 10;

    private readonly CudaApi _api;
    private readonly CudaDeviceInfo _info;
    private readonly int _device;
    private readonly nint _context;
    private readonly nint _stream;
    private readonly CudaUploads _uploads;
    private readonly CudaAhead _ahead;
    private readonly List<nint> _modules = [];
    private readonly Dictionary<nint, int> _sharedBytes = [];
    private readonly Dictionary<nint, long> _slabs = [];
    private readonly List<CudaRecording> _recordings = [];
    private readonly List<(nint Slab, long Bytes)> _freedLater = [];
    private long _heldBytes;
    private string? _latestKernel;
    private string? _failedFree;
    private bool _isRecording;
    private bool _disposed;

    private CudaDriver(CudaApi api, CudaDeviceInfo info)
    {
        (_api, _info) = (api, info);
        int device;
        api.Check(api.DeviceGet(&device, info.Index), "cuDeviceGet");
        _device = device;
        nint made;
        api.Check(api.PrimaryContextRetain(&made, device), "cuDevicePrimaryCtxRetain");
        _context = made;
        try
        {
            api.Check(api.ContextSetCurrent(_context), "cuCtxSetCurrent");
            api.Check(api.StreamCreate(&made, NonBlocking), "cuStreamCreate");
            _stream = made;
            _uploads = new CudaUploads(api, _stream);
            _ahead = new CudaAhead(api, _stream, _uploads.Stream);
        }
        catch
        {
            _uploads?.Dispose();
            ReleaseContext();
            throw;
        }
    }

    public override string Name => $"cuda ({_info.Name}, compute capability {_info.ComputeCapability / 10}.{_info.ComputeCapability % 10})";

    public override KernelTarget Target => _info.ComputeCapability switch
    {
        90 => KernelTarget.Sm90a,
        > 90 => KernelTarget.Sm90,
        _ => KernelTarget.Sm80,
    };

    public override int MostThreadsPerGroup => 1024;

    public override long SharedBytesPerGroup => SharedBytesOfEveryKernel;

    public override bool CanRecord => true;

    /// <param name="which">An index, or part of a name; null for the first.</param>
    /// <param name="library">The driver's library; null for the system's.</param>
    public static CudaDriver Open(string? which, string? library = null)
    {
        var api = CudaApi.Load(library);
        return new CudaDriver(api, CudaDevices.Find(api, which));
    }

    public override nint Allocate(long bytes)
    {
        EnterUnrecorded("memory is allocated");
        nint memory;
        var status = _api.MemAlloc(&memory, checked((nuint)bytes));
        if (status == CudaStatus.OutOfMemory)
        {
            throw OutOfMemory("cuMemAlloc", $"{bytes:N0} bytes were asked for, ");
        }

        Check(status, "cuMemAlloc");
        _slabs.Add(memory, bytes);
        _heldBytes += bytes;
        return memory;
    }

    /// <summary>Frees memory once all that was queued on it is done. Where the driver refuses, the next call says so: freeing happens while other errors
    /// travel.</summary>
    public override void Free(nint slab, long bytes)
    {
        if (_disposed)
        {
            return;
        }

        if (_isRecording)
        {
            _freedLater.Add((slab, bytes));
            return;
        }

        var status = _api.ContextSetCurrent(_context);
        status = status == 0 ? _api.MemFree(slab) : status;
        if (status != 0)
        {
            _failedFree ??= Message(status, "cuMemFree");
            return;
        }

        _slabs.Remove(slab);
        _heldBytes -= bytes;
    }

    public override void Write(nint slab, long byteOffset, ReadOnlySpan<byte> values)
    {
        EnterUnrecorded("values are copied to the device");
        _uploads.Copy(values, slab + (nint)byteOffset);
    }

    public override void WriteAhead(nint landing, long byteOffset, ReadOnlySpan<byte> values)
    {
        EnterUnrecorded("values are copied to the device");
        _ahead.Write(landing + (nint)byteOffset, values);
    }

    public override void CopyArrived(nint landing, ReadOnlySpan<ArrivedPart> parts)
    {
        EnterUnrecorded("values that were copied to the device are taken");
        _ahead.Take(landing, parts);
    }

    public override void Read(nint slab, long byteOffset, Span<byte> values)
    {
        EnterUnrecorded("values are copied from the device");
        fixed (byte* start = values)
        {
            Check(_api.CopyToHost(start, slab + (nint)byteOffset, (nuint)values.Length, _stream), "cuMemcpyDtoHAsync");
            Check(_api.StreamSynchronize(_stream), "cuStreamSynchronize");
        }
    }

    public override nint Load(KernelImage image)
    {
        EnterUnrecorded($"the kernel {image.Name} is loaded");
        var (module, function) = CudaModule.Load(_api, image, Name);
        _modules.Add(module);
        return function;
    }

    public override void Launch(nint kernel, KernelImage image, int groups, int threadsPerGroup, int sharedBytes, ReadOnlySpan<KernelArgument> arguments)
    {
        Enter();
        if (sharedBytes > SharedBytesOfEveryKernel)
        {
            AllowShared(kernel, image, sharedBytes);
        }

        // A place of 16 bytes for each, of which a number takes the first 4.
        var values = stackalloc long[2 * arguments.Length];
        var places = stackalloc void*[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            var place = values + (2 * i);
            places[i] = place;
            var argument = arguments[i];
            place[0] = argument.Kind == KernelParameter.View ? argument.Slab : argument.Value;
            place[1] = argument.Value;
        }

        var status = _api.LaunchKernel(kernel, (uint)groups, 1, 1, (uint)threadsPerGroup, 1, 1, (uint)sharedBytes, _stream, places, null);
        if (status != 0)
        {
            throw new KernelException(
                $"kernel {image.Name}: {Name}: cuLaunchKernel of {groups} groups of {threadsPerGroup} threads and {sharedBytes} bytes failed: "
                + $"{_api.Describe(status)}{After(status)}");
        }

        _latestKernel = image.Name;
    }

    public override KernelRecording Record(Action launches)
    {
        EnterUnrecorded("another recording begins");
        var graph = Capture(launches);
        nint executable;
        var status = _api.GraphInstantiate(&executable, graph, 0);
        _ = _api.GraphDestroy(graph);
        Check(status, "cuGraphInstantiateWithFlags");
        var recording = new CudaRecording(this, executable);
        _recordings.Add(recording);
        return recording;
    }

    public override void Synchronize()
    {
        EnterUnrecorded("the device is waited for");
        Check(_api.StreamSynchronize(_stream), "cuStreamSynchronize");
    }

    public override void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _ = _api.ContextSetCurrent(_context);
        _ = _api.StreamSynchronize(_stream);
        while (_recordings.Count > 0)
        {
            _recordings[^1].Dispose();
        }

        _uploads.Synchronize();
        _ahead.Dispose();
        _uploads.Dispose();
        foreach (var module in _modules)
        {
            _ = _api.ModuleUnload(module);
        }

        foreach (var slab in _slabs.Keys)
        {
            _ = _api.MemFree(slab);
        }

        ReleaseContext();
    }

    internal void Replay(nint executable)
    {
        EnterUnrecorded("a recording is replayed");
        Check(_api.GraphLaunch(executable, _stream), "cuGraphLaunch");
        _latestKernel = "one of a recorded step";
    }

    internal void Forget(CudaRecording recording, nint executable)
    {
        _recordings.Remove(recording);
        _ = _api.ContextSetCurrent(_context);
        _ = _api.GraphExecDestroy(executable);
    }

    private nint Capture(Action launches)
    {
        Check(_api.StreamBeginCapture(_stream, CaptureThisThread), "cuStreamBeginCapture");
        _isRecording = true;
        nint graph = 0;
        var status = 0;
        var done = false;
        try
        {
            launches();
            done = true;
        }
        finally
        {
            _isRecording = false;
            status = _api.StreamEndCapture(_stream, &graph);
            if (!done && status == 0)
            {
                _ = _api.GraphDestroy(graph);
            }

            // The driver frees nothing while it records.
            foreach (var (slab, bytes) in _freedLater)
            {
                Free(slab, bytes);
            }

            _freedLater.Clear();
        }

        Check(status, "cuStreamEndCapture");
        return graph;
    }

    private void ReleaseContext()
    {
        _ = _stream == 0 ? 0 : _api.StreamDestroy(_stream);
        _ = _api.ContextSetCurrent(0);
        _ = _api.PrimaryContextRelease(_device);
    }

    /// <summary>Lets a kernel have more shared memory than the 48 KiB that every kernel may have.</summary>
    private void AllowShared(nint kernel, KernelImage image, int bytes)
    {
        if (_sharedBytes.TryGetValue(kernel, out var allowed) && allowed >= bytes)
        {
            return;
        }

        if (bytes > _info.SharedBytes)
        {
            throw new KernelException($"kernel {image.Name}: it needs {bytes:N0} bytes of shared memory a group, {Name} has {_info.SharedBytes:N0}; take "
                + "another variant");
        }

        Check(_api.FunctionSetAttribute(kernel, DynamicSharedBytes, bytes), "cuFuncSetAttribute");
        _sharedBytes[kernel] = bytes;
    }

    private void Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check(_api.ContextSetCurrent(_context), "cuCtxSetCurrent");
        if (_failedFree is { } message)
        {
            _failedFree = null;
            throw new GpuException(message);
        }
    }

    private void EnterUnrecorded(string what)
    {
        if (_isRecording)
        {
            throw new InvalidOperationException($"{Name}: {what} while launches are recorded; a recording holds kernels only: do it before, and run once "
                + "unrecorded what is to be recorded");
        }

        Enter();
    }

    private InsufficientMemoryException OutOfMemory(string call, string asked)
    {
        nuint free, total;
        var known = _api.MemGetInfo(&free, &total) == 0;
        return new InsufficientMemoryException(
            $"{Name}: {call}: {asked}{_heldBytes:N0} are held{(known ? $", {(long)free:N0} of {(long)total:N0} are free" : "")}; "
            + CudaStatus.Remedy(CudaStatus.OutOfMemory));
    }

    private void Check(int status, string call)
    {
        if (status == CudaStatus.OutOfMemory)
        {
            throw OutOfMemory(call, "the device's memory is full, ");
        }

        if (status != 0)
        {
            throw new GpuException(Message(status, call));
        }
    }

    private string Message(int status, string call) => $"{Name}: {call} failed: {_api.Describe(status)}{After(status)}";

    /// <summary>A kernel's failure shows at a later call: the latest one is the nearest clue.</summary>
    private string After(int status) => CudaStatus.IsKernelFault(status) && _latestKernel is { } kernel ? $" (the latest kernel was {kernel})" : "";
}
