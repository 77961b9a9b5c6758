using System.Text;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Engine.Gpu.OpenCl;

/// <summary>
/// A device through OpenCL: memory objects, a queue in order for kernels and one for copies ahead, programs built from the kernels' source. Calling convention
/// of the source: one pointer a view, then in the parameters' order a struct (int offset, long length) a view and each scalar.
/// </summary>
internal sealed unsafe class OpenClDriver : GpuDriver
{
    private const uint MaxGroupSize = 0x1004;
    private const uint LocalMemoryBytes = 0x1023;
    private const ulong ReadWrite = 1;
    private const uint BuildLog = 0x1183;

    private readonly OpenClApi _api;
    private readonly OpenClDeviceInfo _device;
    private readonly nint _context;
    private readonly nint _queue;
    private readonly OpenClUploads _uploads;
    private readonly OpenClAhead _ahead;
    private readonly List<(nint Program, nint Kernel)> _loaded = [];
    private readonly Dictionary<nint, long> _slabs = [];
    private long _heldBytes;
    private long _askedBytes;
    private string? _latestKernel;
    private string? _failedFree;
    private bool _disposed;

    private OpenClDriver(OpenClApi api, OpenClDeviceInfo device)
    {
        (_api, _device) = (api, device);
        nuint groupSize;
        OpenClApi.Check(api.GetDeviceInfo(device.Handle, MaxGroupSize, (nuint)sizeof(nuint), &groupSize, null), "clGetDeviceInfo");
        MostThreadsPerGroup = (int)groupSize;
        ulong localBytes;
        OpenClApi.Check(api.GetDeviceInfo(device.Handle, LocalMemoryBytes, sizeof(ulong), &localBytes, null), "clGetDeviceInfo");
        SharedBytesPerGroup = (long)Math.Min(localBytes, long.MaxValue);
        int status;
        var handle = device.Handle;
        _context = api.CreateContext(null, 1, &handle, null, null, &status);
        OpenClApi.Check(status, "clCreateContext");
        _queue = api.CreateCommandQueue(_context, handle, 0, &status);
        if (status != 0)
        {
            api.ReleaseContext(_context);
            OpenClApi.Check(status, "clCreateCommandQueue");
        }

        try
        {
            _uploads = new OpenClUploads(api, _context, _queue, Check);
            _ahead = new OpenClAhead(api, _context, handle, _queue, Check);
        }
        catch
        {
            _uploads?.Release();
            _ = api.ReleaseCommandQueue(_queue);
            _ = api.ReleaseContext(_context);
            throw;
        }
    }

    /// <summary>The context, which everything of the device belongs to.</summary>
    public nint Context => _context;

    public override string Name => $"opencl ({_device.Name}, {_device.Platform})";

    public override KernelTarget Target => KernelTarget.OpenCl;

    public override int MostThreadsPerGroup { get; }

    public override long SharedBytesPerGroup { get; }

    /// <param name="which">An index, or part of a name; null for the first.</param>
    /// <param name="library">The library; by default the system's.</param>
    public static OpenClDriver Open(string? which, OpenClApi? library = null)
    {
        var api = library ?? OpenClApi.Load();
        return new OpenClDriver(api, OpenClDevices.Find(api, which));
    }

    public override nint Allocate(long bytes)
    {
        Enter();
        int status;
        var memory = _api.CreateBuffer(_context, ReadWrite, checked((nuint)bytes), null, &status);
        if (OpenClStatus.IsOutOfMemory(status) || status is OpenClStatus.OutOfResources or OpenClStatus.InvalidBufferSize)
        {
            throw OutOfMemory(status, "clCreateBuffer", bytes);
        }

        Check(status, "clCreateBuffer");
        _slabs.Add(memory, bytes);
        (_heldBytes, _askedBytes) = (_heldBytes + bytes, bytes);
        return memory;
    }

    /// <summary>Frees memory; the library keeps it until what was queued on it is done. Where it refuses, the next call says so: freeing happens while other
    /// errors travel.</summary>
    public override void Free(nint slab, long bytes)
    {
        if (_disposed)
        {
            return;
        }

        var status = _api.ReleaseMemObject(slab);
        if (status != 0)
        {
            _failedFree ??= Message(status, "clReleaseMemObject");
            return;
        }

        _slabs.Remove(slab);
        _heldBytes -= bytes;
    }

    public override void Write(nint slab, long byteOffset, ReadOnlySpan<byte> values)
    {
        Enter();
        _uploads.Copy(values, slab, byteOffset);
    }

    public override void WriteAhead(nint landing, long byteOffset, ReadOnlySpan<byte> values)
    {
        Enter();
        _ahead.Write(landing, byteOffset, values);
    }

    public override void CopyArrived(nint landing, ReadOnlySpan<ArrivedPart> parts)
    {
        Enter();
        _ahead.Take(landing, parts);
    }

    public override void Read(nint slab, long byteOffset, Span<byte> values)
    {
        Enter();
        fixed (byte* start = values)
        {
            Check(_api.EnqueueReadBuffer(_queue, slab, 1, (nuint)byteOffset, (nuint)values.Length, start, 0, null, null), "clEnqueueReadBuffer");
        }
    }

    public override nint Load(KernelImage image)
    {
        Enter();
        var source = Encoding.UTF8.GetBytes(image.Text);
        var options = "-cl-std=CL1.2\0"u8;
        var name = Encoding.UTF8.GetBytes(image.EntryPoint + '\0');
        int status;
        nint program;
        fixed (byte* text = source)
        {
            var length = (nuint)source.Length;
            var start = text;
            program = _api.CreateProgramWithSource(_context, 1, &start, &length, &status);
        }

        Check(status, "clCreateProgramWithSource");
        var device = _device.Handle;
        fixed (byte* flags = options)
        fixed (byte* entry = name)
        {
            status = _api.BuildProgram(program, 1, &device, flags, null, null);
            if (status != 0)
            {
                var log = Log(program);
                _api.ReleaseProgram(program);
                throw new KernelException($"kernel {image.Name}: {Name} cannot build it: clBuildProgram failed: {OpenClStatus.Describe(status)}: {log}");
            }

            var kernel = _api.CreateKernel(program, entry, &status);
            if (status != 0)
            {
                _api.ReleaseProgram(program);
                throw new KernelException($"kernel {image.Name}: {Name}: clCreateKernel failed: {OpenClStatus.Describe(status)}");
            }

            _loaded.Add((program, kernel));
            return kernel;
        }
    }

    public override void Launch(nint kernel, KernelImage image, int groups, int threadsPerGroup, int sharedBytes, ReadOnlySpan<KernelArgument> arguments)
    {
        Enter();
        if (sharedBytes != 0)
        {
            throw new KernelException($"kernel {image.Name}: {Name} gives kernels no shared memory beyond what they declare; {sharedBytes} bytes "
                + "were asked for");
        }

        uint place = 0;
        foreach (var argument in arguments)
        {
            if (argument.Kind == KernelParameter.View)
            {
                var slab = argument.Slab;
                Set(&slab, sizeof(nint));
            }
        }

        var view = stackalloc long[2];
        foreach (var argument in arguments)
        {
            if (argument.Kind == KernelParameter.View)
            {
                (view[0], view[1]) = (0, argument.Value);
                Set(view, 2 * sizeof(long));
            }
            else
            {
                var bits = (int)argument.Value;
                Set(&bits, sizeof(int));
            }
        }

        var (local, global) = ((nuint)threadsPerGroup, (nuint)groups * (nuint)threadsPerGroup);
        var status = _api.EnqueueKernel(_queue, kernel, 1, null, &global, &local, 0, null, null);
        if (OpenClStatus.IsOutOfMemory(status))
        {
            throw OutOfMemory(status, $"kernel {image.Name}: clEnqueueNDRangeKernel", null);
        }

        if (status != 0)
        {
            throw new KernelException(
                $"kernel {image.Name}: {Name}: clEnqueueNDRangeKernel of {groups} groups of {threadsPerGroup} threads failed: {OpenClStatus.Describe(status)}");
        }

        _latestKernel = image.Name;

        void Set(void* value, int bytes)
        {
            var status = _api.SetKernelArg(kernel, place, (nuint)bytes, value);
            if (status != 0)
            {
                throw new KernelException($"kernel {image.Name}: {Name}: clSetKernelArg failed for argument {place} of {bytes} bytes: "
                    + $"{OpenClStatus.Describe(status)}");
            }

            place++;
        }
    }

    public override void Synchronize()
    {
        Enter();
        Check(_api.Finish(_queue), "clFinish");
    }

    public override void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _ = _api.Finish(_queue);
        _ahead.Synchronize();
        _ahead.Release();
        _uploads.Release();
        foreach (var (program, kernel) in _loaded)
        {
            _ = _api.ReleaseKernel(kernel);
            _ = _api.ReleaseProgram(program);
        }

        foreach (var slab in _slabs.Keys)
        {
            _ = _api.ReleaseMemObject(slab);
        }

        _ = _api.ReleaseCommandQueue(_queue);
        _ = _api.ReleaseContext(_context);
    }

    private void Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_failedFree is { } message)
        {
            _failedFree = null;
            throw new GpuException(message);
        }
    }

    /// <summary>Many drivers take memory when it is first used, so that any call may find that there is none.</summary>
    private void Check(int status, string call)
    {
        if (OpenClStatus.IsOutOfMemory(status))
        {
            throw OutOfMemory(status, call, null);
        }

        if (status != 0)
        {
            throw new GpuException(Message(status, call));
        }
    }

    /// <param name="asked">What the call itself asked for; null where memory that was asked for before is taken only now.</param>
    private InsufficientMemoryException OutOfMemory(int status, string call, long? asked) => new(
        $"{Name}: {call}: {asked ?? _askedBytes:N0} bytes were asked for{(asked is null ? " last" : "")} and {_heldBytes:N0} are held of the device's "
        + $"{_device.MemoryBytes:N0}: {OpenClStatus.Describe(status)}");

    /// <summary>A kernel's failure shows at a later call: the latest one is the nearest clue.</summary>
    private string Message(int status, string call)
    {
        var held = status == OpenClStatus.OutOfResources ? $"; {_heldBytes:N0} bytes are held" : "";
        return $"{Name}: {call} failed: {OpenClStatus.Describe(status)}{held}{(_latestKernel is { } kernel ? $" (the latest kernel was {kernel})" : "")}";
    }

    private string Log(nint program)
    {
        nuint length;
        if (_api.GetProgramBuildInfo(program, _device.Handle, BuildLog, 0, null, &length) != 0)
        {
            return "no log";
        }

        var bytes = new byte[length];
        fixed (byte* start = bytes)
        {
            _api.GetProgramBuildInfo(program, _device.Handle, BuildLog, length, start, null);
        }

        return Encoding.UTF8.GetString(bytes).TrimEnd('\0').Trim().ReplaceLineEndings(" | ");
    }
}
