using System.Text;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Engine.Gpu.OpenCl;

/// <summary>
/// A device through OpenCL: memory objects, one queue in order, programs built from the kernels' source. Calling convention of the source: one pointer a
/// view, then in the parameters' order a struct (int offset, long length) a view and each scalar.
/// </summary>
internal sealed unsafe class OpenClDriver : GpuDriver
{
    private const uint MaxGroupSize = 0x1004;
    private const ulong ReadWrite = 1;
    private const uint BuildLog = 0x1183;

    private readonly OpenClApi _api;
    private readonly OpenClDeviceInfo _device;
    private readonly nint _context;
    private readonly nint _queue;
    private readonly List<(nint Program, nint Kernel)> _loaded = [];
    private long _heldBytes;
    private bool _disposed;

    private OpenClDriver(OpenClApi api, OpenClDeviceInfo device)
    {
        (_api, _device) = (api, device);
        nuint groupSize;
        OpenClApi.Check(api.GetDeviceInfo(device.Handle, MaxGroupSize, (nuint)sizeof(nuint), &groupSize, null), "clGetDeviceInfo");
        MostThreadsPerGroup = (int)groupSize;
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
    }

    /// <summary>The context, which everything of the device belongs to.</summary>
    public nint Context => _context;

    public override string Name => $"opencl ({_device.Name}, {_device.Platform})";

    public override KernelTarget Target => KernelTarget.OpenCl;

    public override int MostThreadsPerGroup { get; }

    /// <param name="which">An index, or part of a name; null for the first.</param>
    /// <param name="library">The library; by default the system's.</param>
    public static OpenClDriver Open(string? which, OpenClApi? library = null)
    {
        var api = library ?? OpenClApi.Load();
        return new OpenClDriver(api, OpenClDevices.Find(api, which));
    }

    public override nint Allocate(long bytes)
    {
        int status;
        var memory = _api.CreateBuffer(_context, ReadWrite, checked((nuint)bytes), null, &status);
        if (status is OpenClStatus.OutOfDeviceMemory or OpenClStatus.OutOfResources or OpenClStatus.OutOfHostMemory or OpenClStatus.InvalidBufferSize)
        {
            throw new InsufficientMemoryException(
                $"{Name}: {bytes:N0} bytes were asked for and {_heldBytes:N0} are held of the device's {_device.MemoryBytes:N0} ({OpenClStatus.Describe(status)}).");
        }

        OpenClApi.Check(status, "clCreateBuffer");
        _heldBytes += bytes;
        return memory;
    }

    public override void Free(nint slab, long bytes)
    {
        // The driver keeps the memory until what was queued on it is done.
        if (!_disposed)
        {
            OpenClApi.Check(_api.ReleaseMemObject(slab), "clReleaseMemObject");
            _heldBytes -= bytes;
        }
    }

    public override void Write(nint slab, long byteOffset, ReadOnlySpan<byte> values)
    {
        fixed (byte* start = values)
        {
            OpenClApi.Check(
                _api.EnqueueWriteBuffer(_queue, slab, 1, (nuint)byteOffset, (nuint)values.Length, start, 0, null, null), "clEnqueueWriteBuffer");
        }
    }

    public override void Read(nint slab, long byteOffset, Span<byte> values)
    {
        fixed (byte* start = values)
        {
            OpenClApi.Check(_api.EnqueueReadBuffer(_queue, slab, 1, (nuint)byteOffset, (nuint)values.Length, start, 0, null, null), "clEnqueueReadBuffer");
        }
    }

    public override nint Load(KernelImage image)
    {
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

        OpenClApi.Check(status, "clCreateProgramWithSource");
        var device = _device.Handle;
        fixed (byte* flags = options)
        fixed (byte* entry = name)
        {
            status = _api.BuildProgram(program, 1, &device, flags, null, null);
            if (status != 0)
            {
                var log = Log(program);
                _api.ReleaseProgram(program);
                throw new KernelException($"kernel {image.Name}: {Name} cannot build it: {OpenClStatus.Describe(status)}: {log}");
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
        if (sharedBytes != 0)
        {
            throw new KernelException($"kernel {image.Name}: {Name} gives kernels no shared memory beyond what they declare; {sharedBytes} bytes were asked for");
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
        if (status != 0)
        {
            throw new KernelException($"kernel {image.Name}: {Name} cannot launch {groups} groups of {threadsPerGroup}: {OpenClStatus.Describe(status)}");
        }

        void Set(void* value, int bytes)
        {
            var status = _api.SetKernelArg(kernel, place, (nuint)bytes, value);
            if (status != 0)
            {
                throw new KernelException($"kernel {image.Name}: argument {place} of {bytes} bytes was refused: {OpenClStatus.Describe(status)}");
            }

            place++;
        }
    }

    public override void Synchronize() => OpenClApi.Check(_api.Finish(_queue), "clFinish");

    public override void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _api.Finish(_queue);
        foreach (var (program, kernel) in _loaded)
        {
            _api.ReleaseKernel(kernel);
            _api.ReleaseProgram(program);
        }

        _api.ReleaseCommandQueue(_queue);
        _api.ReleaseContext(_context);
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
