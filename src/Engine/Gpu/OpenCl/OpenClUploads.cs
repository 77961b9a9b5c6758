namespace LargeRec.Engine.Gpu.OpenCl;

/// <summary>
/// Copies to the device in the kernels' queue that the host does not wait for: a ring of pieces of page-locked memory, each used anew when the copy from it
/// is done.
/// </summary>
internal sealed unsafe class OpenClUploads
{
    private const int Pieces = 32;
    private const int PieceBytes = 1 << 17;

    private readonly OpenClApi _api;
    private readonly nint _queue;
    private readonly Action<int, string> _check;
    private readonly nint[] _copied = new nint[Pieces];
    private readonly OpenClHostMemory _host;
    private int _next;

    /// <param name="api">Calls.</param>
    /// <param name="context">Whose memory it is.</param>
    /// <param name="queue">The kernels' queue.</param>
    /// <param name="check">Throws unless a call of that name succeeded.</param>
    public OpenClUploads(OpenClApi api, nint context, nint queue, Action<int, string> check)
    {
        (_api, _queue, _check) = (api, queue, check);
        _host = new OpenClHostMemory(api, context, queue, Pieces * PieceBytes, check);
    }

    /// <summary>Queues a copy of the values, which are the caller's own again when this returns.</summary>
    public void Copy(ReadOnlySpan<byte> values, nint slab, long byteOffset)
    {
        while (!values.IsEmpty)
        {
            var count = Math.Min(values.Length, PieceBytes);
            var piece = _host.Start + ((nint)_next * PieceBytes);
            fixed (nint* copied = &_copied[_next])
            {
                if (*copied != 0)
                {
                    _check(_api.WaitForEvents(1, copied), "clWaitForEvents");
                    _check(_api.ReleaseEvent(*copied), "clReleaseEvent");
                    *copied = 0;
                }

                values[..count].CopyTo(new Span<byte>(piece, count));
                _check(_api.EnqueueWriteBuffer(_queue, slab, 0, (nuint)byteOffset, (nuint)count, piece, 0, null, copied), "clEnqueueWriteBuffer");
            }

            _next = (_next + 1) % Pieces;
            byteOffset += count;
            values = values[count..];
        }
    }

    /// <summary>Frees what there is; the queue is idle.</summary>
    public void Release()
    {
        foreach (var copied in _copied)
        {
            _ = copied == 0 ? 0 : _api.ReleaseEvent(copied);
        }

        _host.Release();
    }
}
