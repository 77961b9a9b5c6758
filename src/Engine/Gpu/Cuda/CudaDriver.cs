using System.Text;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Engine.Gpu.Cuda;

/// <summary>
/// A device through the CUDA driver: its primary context, one stream, modules compiled from PTX by the driver. Calling convention of the PTX: the parameters
/// in order, a view as 16 bytes (pointer, length).
/// </summary>
internal sealed unsafe class CudaDriver : GpuDriver
{
    private const uint NonBlocking = 1;
    private const int InfoLogBuffer = 3;
    private const int InfoLogBytes = 4;
    private const int ErrorLogBuffer = 5;
    private const int ErrorLogBytes = 6;
    private const int LogBytes = 16 << 10;
    private const int MostParameterBytes = 4096;

    private readonly CudaApi _api;
    private readonly CudaDeviceInfo _device;
    private readonly nint _stream;
    private readonly CudaStaging _staging;
    private readonly List<nint> _modules = [];
    private readonly byte[] _parameters = new byte[MostParameterBytes];
    private long _heldBytes;
    private bool _disposed;

    private CudaDriver(CudaApi api, CudaDeviceInfo device)
    {
        (_api, _device) = (api, device);
        nint context;
        api.Check(api.PrimaryContextRetain(&context, device.Index), "cuDevicePrimaryCtxRetain");
        try
        {
            api.Check(api.ContextSetCurrent(context), "cuCtxSetCurrent");
            nint stream;
            api.Check(api.StreamCreate(&stream, NonBlocking), "cuStreamCreate");
            _stream = stream;
            _staging = new CudaStaging(api);
        }
        catch
        {
            _ = api.PrimaryContextRelease(device.Index);
            throw;
        }
    }

    public override string Name => $"cuda ({_device.Name}, compute capability {_device.ComputeCapability / 10}.{_device.ComputeCapability % 10})";

    public override KernelTarget Target => _device.ComputeCapability switch
    {
        90 => KernelTarget.Sm90a,
        > 90 => KernelTarget.Sm90,
        _ => KernelTarget.Sm80,
    };

    public override int MostThreadsPerGroup => 1024;

    /// <param name="which">An index, or part of a name; null for the first.</param>
    /// <param name="library">The driver's library; null for the system's.</param>
    public static CudaDriver Open(string? which, string? library = null)
    {
        var api = CudaApi.Load(library);
        return new CudaDriver(api, CudaDevices.Find(api, which));
    }

    public override nint Allocate(long bytes)
    {
        nint memory;
        var status = _api.MemAlloc(&memory, checked((nuint)bytes));
        if (status == CudaStatus.OutOfMemory)
        {
            nuint free, total;
            var known = _api.MemGetInfo(&free, &total) == 0;
            throw new InsufficientMemoryException(
                $"{Name}: {bytes:N0} bytes were asked for, {_heldBytes:N0} are held{(known ? $", {(long)free:N0} of {(long)total:N0} are free" : "")}.");
        }

        _api.Check(status, "cuMemAlloc");
        _heldBytes += bytes;
        return memory;
    }

    public override void Free(nint slab, long bytes)
    {
        // The driver waits for what was queued on the memory.
        if (!_disposed)
        {
            _api.Check(_api.MemFree(slab), "cuMemFree");
            _heldBytes -= bytes;
        }
    }

    public override void Write(nint slab, long byteOffset, ReadOnlySpan<byte> values) => _staging.Copy(values, slab + (nint)byteOffset, _stream);

    public override void Read(nint slab, long byteOffset, Span<byte> values)
    {
        fixed (byte* start = values)
        {
            _api.Check(_api.CopyToHost(start, slab + (nint)byteOffset, (nuint)values.Length, _stream), "cuMemcpyDtoHAsync");
            Synchronize();
        }
    }

    public override nint Load(KernelImage image)
    {
        var text = Encoding.UTF8.GetBytes(image.Text + '\0');
        var name = Encoding.UTF8.GetBytes(image.EntryPoint + '\0');
        var log = new byte[2 * LogBytes];
        nint module;
        nint function;
        fixed (byte* source = text)
        fixed (byte* entry = name)
        fixed (byte* logs = log)
        {
            var options = stackalloc int[] { InfoLogBuffer, InfoLogBytes, ErrorLogBuffer, ErrorLogBytes };
            var values = stackalloc void*[] { logs, (void*)LogBytes, logs + LogBytes, (void*)LogBytes };
            var status = _api.ModuleLoadData(&module, source, 4, options, values);
            if (status != 0)
            {
                var said = Encoding.UTF8.GetString(log, LogBytes, LogBytes).Split('\0')[0].Trim().ReplaceLineEndings(" | ");
                throw new KernelException($"kernel {image.Name} for {image.Target}: {Name} refuses it: {_api.Describe(status)}{(said.Length > 0 ? $": {said}" : "")}");
            }

            status = _api.ModuleGetFunction(&function, module, entry);
            if (status != 0)
            {
                _ = _api.ModuleUnload(module);
                throw new KernelException($"kernel {image.Name} for {image.Target}: its module has no entry '{image.EntryPoint}': {_api.Describe(status)}");
            }
        }

        _modules.Add(module);
        return function;
    }

    public override void Launch(nint kernel, KernelImage image, int groups, int threadsPerGroup, ReadOnlySpan<KernelArgument> arguments)
    {
        var places = stackalloc void*[arguments.Length];
        fixed (byte* parameters = _parameters)
        {
            var next = parameters;
            for (var i = 0; i < arguments.Length; i++)
            {
                var argument = arguments[i];
                places[i] = next;
                if (argument.Kind == KernelParameter.View)
                {
                    ((long*)next)[0] = argument.Slab;
                    ((long*)next)[1] = argument.Value;
                    next += 2 * sizeof(long);
                }
                else
                {
                    *(int*)next = (int)argument.Value;
                    next += sizeof(long);
                }
            }

            var status = _api.LaunchKernel(kernel, (uint)groups, 1, 1, (uint)threadsPerGroup, 1, 1, 0, _stream, places, null);
            if (status != 0)
            {
                throw new KernelException($"kernel {image.Name}: {Name} cannot launch {groups} groups of {threadsPerGroup}: {_api.Describe(status)}");
            }
        }
    }

    public override void Synchronize() => _api.Check(_api.StreamSynchronize(_stream), "cuStreamSynchronize");

    public override void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _ = _api.StreamSynchronize(_stream);
        _staging.Dispose();
        foreach (var module in _modules)
        {
            _ = _api.ModuleUnload(module);
        }

        _ = _api.StreamDestroy(_stream);
        _ = _api.PrimaryContextRelease(_device.Index);
    }
}
