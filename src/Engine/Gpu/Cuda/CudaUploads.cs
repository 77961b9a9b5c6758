namespace LargeRec.Engine.Gpu.Cuda;

/// <summary>
/// Copies to the device on a stream of their own, so that values travel while kernels run: host to page-locked memory (the values are the caller's own again),
/// from there to a landing place on the device as soon as the bus is free, and from the landing place to the destination in the order of the kernels' stream,
/// which at the device's own speed takes next to nothing. A ring of pieces; events keep each half of a piece from being used anew before it was emptied.
/// </summary>
internal sealed unsafe class CudaUploads : IDisposable
{
    // Enough for the copies of several steps, each piece large enough for the bus to reach its speed.
    private const int Pieces = 32;
    private const int PieceBytes = 1 << 18;
    private const uint WithoutTiming = 2;

    private readonly CudaApi _api;
    private readonly nint _kernels;
    private readonly nint[] _landed = new nint[Pieces];
    private readonly nint[] _taken = new nint[Pieces];
    private readonly nint _copies;
    private readonly byte* _host;
    private readonly nint _landing;
    private int _next;

    /// <param name="api">A context is current.</param>
    /// <param name="kernels">The stream whose order the destinations are part of.</param>
    public CudaUploads(CudaApi api, nint kernels)
    {
        (_api, _kernels) = (api, kernels);
        try
        {
            nint made;
            api.Check(api.StreamCreate(&made, CudaDriver.NonBlocking), "cuStreamCreate");
            _copies = made;
            api.Check(api.MemAlloc(&made, (nuint)Pieces * PieceBytes), "cuMemAlloc");
            _landing = made;
            void* memory;
            api.Check(api.MemHostAlloc(&memory, (nuint)Pieces * PieceBytes, 0), "cuMemHostAlloc");
            _host = (byte*)memory;
            for (var i = 0; i < Pieces; i++)
            {
                api.Check(api.EventCreate(&made, WithoutTiming), "cuEventCreate");
                _landed[i] = made;
                api.Check(api.EventCreate(&made, WithoutTiming), "cuEventCreate");
                _taken[i] = made;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The stream of copies.</summary>
    public nint Stream => _copies;

    /// <summary>Queues a copy of the values, which are the caller's own again when this returns.</summary>
    public void Copy(ReadOnlySpan<byte> values, nint destination)
    {
        while (!values.IsEmpty)
        {
            var count = Math.Min(values.Length, PieceBytes);
            var piece = _host + ((nint)_next * PieceBytes);
            var landing = _landing + ((nint)_next * PieceBytes);
            var (landed, taken) = (_landed[_next], _taken[_next]);
            _api.Check(_api.EventSynchronize(landed), "cuEventSynchronize");
            values[..count].CopyTo(new Span<byte>(piece, count));
            _api.Check(_api.StreamWaitEvent(_copies, taken, 0), "cuStreamWaitEvent");
            _api.Check(_api.CopyToDevice(landing, piece, (nuint)count, _copies), "cuMemcpyHtoDAsync");
            _api.Check(_api.EventRecord(landed, _copies), "cuEventRecord");
            _api.Check(_api.StreamWaitEvent(_kernels, landed, 0), "cuStreamWaitEvent");
            _api.Check(_api.CopyOnDevice(destination, landing, (nuint)count, _kernels), "cuMemcpyDtoDAsync");
            _api.Check(_api.EventRecord(taken, _kernels), "cuEventRecord");
            _next = (_next + 1) % Pieces;
            destination += count;
            values = values[count..];
        }
    }

    /// <summary>Waits for the stream of copies.</summary>
    public void Synchronize() => _ = _copies == 0 ? 0 : _api.StreamSynchronize(_copies);

    /// <summary>Frees what there is; the kernels' stream is idle.</summary>
    public void Dispose()
    {
        Synchronize();
        for (var i = 0; i < Pieces; i++)
        {
            _ = _landed[i] == 0 ? 0 : _api.EventDestroy(_landed[i]);
            _ = _taken[i] == 0 ? 0 : _api.EventDestroy(_taken[i]);
        }

        _ = _host == null ? 0 : _api.MemFreeHost(_host);
        _ = _landing == 0 ? 0 : _api.MemFree(_landing);
        _ = _copies == 0 ? 0 : _api.StreamDestroy(_copies);
    }
}
