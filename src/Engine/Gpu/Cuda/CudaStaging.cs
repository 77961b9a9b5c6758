namespace LargeRec.Engine.Gpu.Cuda;

/// <summary>
/// A ring of page-locked memory through which copies to the device go: what a copy needs is taken over at once, and the host waits only where the ring has
/// come round to a piece that is still being copied.
/// </summary>
internal sealed unsafe class CudaStaging : IDisposable
{
    private const int Pieces = 8;
    private const int PieceBytes = 1 << 20;

    private readonly CudaApi _api;
    private readonly byte* _memory;
    private readonly nint[] _events = new nint[Pieces];
    private int _next;

    public CudaStaging(CudaApi api)
    {
        _api = api;
        void* memory;
        api.Check(api.MemHostAlloc(&memory, (nuint)Pieces * PieceBytes, 0), "cuMemHostAlloc");
        _memory = (byte*)memory;
        for (var i = 0; i < Pieces; i++)
        {
            nint created;
            api.Check(api.EventCreate(&created, 2), "cuEventCreate");
            _events[i] = created;
        }
    }

    /// <summary>Queues a copy of the values, which are the caller's own again when this returns.</summary>
    public void Copy(ReadOnlySpan<byte> values, nint destination, nint stream)
    {
        while (!values.IsEmpty)
        {
            var count = Math.Min(values.Length, PieceBytes);
            var piece = _memory + ((long)_next * PieceBytes);
            _api.Check(_api.EventSynchronize(_events[_next]), "cuEventSynchronize");
            values[..count].CopyTo(new Span<byte>(piece, count));
            _api.Check(_api.CopyToDevice(destination, piece, (nuint)count, stream), "cuMemcpyHtoDAsync");
            _api.Check(_api.EventRecord(_events[_next], stream), "cuEventRecord");
            _next = (_next + 1) % Pieces;
            destination += count;
            values = values[count..];
        }
    }

    public void Dispose()
    {
        foreach (var created in _events)
        {
            _ = _api.EventDestroy(created);
        }

        _ = _api.MemFreeHost(_memory);
    }
}
