using LargeRec.Engine.Gpu.Driver;

namespace LargeRec.Engine.Gpu.Cuda;

/// <summary>
/// The copy of the next step's inputs: into page-locked memory of its own, from there on the copies' stream to a landing place while kernels run, and by copies
/// on the kernels' stream to where the step reads. One event says that the values have landed, the other that they were taken and may be overwritten.
/// </summary>
internal sealed unsafe class CudaAhead : IDisposable
{
    private const uint WithoutTiming = 2;

    private readonly CudaApi _api;
    private readonly nint _kernels;
    private readonly nint _copies;
    private readonly nint _landed;
    private readonly nint _taken;
    private byte* _host;
    private int _hostBytes;

    // Something was queued whose event was not recorded: only waiting for the streams tells when it is done.
    private bool _isUnmarked;

    /// <param name="api">A context is current.</param>
    /// <param name="kernels">The kernels' stream.</param>
    /// <param name="copies">The copies' stream.</param>
    public CudaAhead(CudaApi api, nint kernels, nint copies)
    {
        (_api, _kernels, _copies) = (api, kernels, copies);
        try
        {
            nint made;
            api.Check(api.EventCreate(&made, WithoutTiming), "cuEventCreate");
            _landed = made;
            api.Check(api.EventCreate(&made, WithoutTiming), "cuEventCreate");
            _taken = made;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Queues the copy to a landing place, behind the latest <see cref="Take"/>.</summary>
    public void Write(nint landing, ReadOnlySpan<byte> values)
    {
        if (_isUnmarked)
        {
            _api.Check(_api.StreamSynchronize(_copies), "cuStreamSynchronize");
            _api.Check(_api.StreamSynchronize(_kernels), "cuStreamSynchronize");
            _isUnmarked = false;
        }

        _api.Check(_api.EventSynchronize(_landed), "cuEventSynchronize");
        Grow(values.Length);
        values.CopyTo(new Span<byte>(_host, _hostBytes));
        _api.Check(_api.StreamWaitEvent(_copies, _taken, 0), "cuStreamWaitEvent");
        _isUnmarked = true;
        _api.Check(_api.CopyToDevice(landing, _host, (nuint)values.Length, _copies), "cuMemcpyHtoDAsync");
        _api.Check(_api.EventRecord(_landed, _copies), "cuEventRecord");
        _isUnmarked = false;
    }

    /// <summary>Queues the copies from the landing place, behind the latest <see cref="Write"/>.</summary>
    public void Take(nint landing, ReadOnlySpan<ArrivedPart> parts)
    {
        _api.Check(_api.StreamWaitEvent(_kernels, _landed, 0), "cuStreamWaitEvent");
        _isUnmarked = true;
        foreach (var part in parts)
        {
            _api.Check(_api.CopyOnDevice(part.Slab + (nint)part.To, landing + (nint)part.From, (nuint)part.Bytes, _kernels), "cuMemcpyDtoDAsync");
        }

        _api.Check(_api.EventRecord(_taken, _kernels), "cuEventRecord");
        _isUnmarked = false;
    }

    /// <summary>Frees what there is; both streams are idle.</summary>
    public void Dispose()
    {
        _ = _landed == 0 ? 0 : _api.EventDestroy(_landed);
        _ = _taken == 0 ? 0 : _api.EventDestroy(_taken);
        _ = _host == null ? 0 : _api.MemFreeHost(_host);
        _host = null;
    }

    private void Grow(int bytes)
    {
        if (_hostBytes >= bytes)
        {
            return;
        }

        if (_host != null)
        {
            var freed = _host;
            _host = null;
            _hostBytes = 0;
            _api.Check(_api.MemFreeHost(freed), "cuMemFreeHost");
        }

        void* memory;
        var room = checked(bytes + (bytes / 2));
        _api.Check(_api.MemHostAlloc(&memory, (nuint)room, 0), "cuMemHostAlloc");
        _host = (byte*)memory;
        _hostBytes = room;
    }
}
