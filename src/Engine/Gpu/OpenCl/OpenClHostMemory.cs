namespace LargeRec.Engine.Gpu.OpenCl;

/// <summary>Memory of the host that a device copies from without the driver's help (page-locked, where the driver does that): a buffer that stays
/// mapped.</summary>
internal sealed unsafe class OpenClHostMemory
{
    private const ulong ReadWriteInHostMemory = 1 | 16;
    private const ulong MapForWriting = 2;

    private readonly OpenClApi _api;
    private readonly nint _queue;
    private readonly nint _buffer;

    /// <param name="api">Calls.</param>
    /// <param name="context">Whose memory it is.</param>
    /// <param name="queue">Where it is mapped and unmapped.</param>
    /// <param name="bytes">At least 1.</param>
    /// <param name="check">Throws unless a call of that name succeeded.</param>
    public OpenClHostMemory(OpenClApi api, nint context, nint queue, int bytes, Action<int, string> check)
    {
        (_api, _queue, Bytes) = (api, queue, bytes);
        int status;
        _buffer = api.CreateBuffer(context, ReadWriteInHostMemory, (nuint)bytes, null, &status);
        check(status, "clCreateBuffer");
        Start = (byte*)api.EnqueueMapBuffer(queue, _buffer, 1, MapForWriting, 0, (nuint)bytes, 0, null, null, &status);
        if (status != 0)
        {
            _ = api.ReleaseMemObject(_buffer);
            check(status, "clEnqueueMapBuffer");
        }
    }

    public byte* Start { get; }

    public int Bytes { get; }

    /// <summary>Gives it back; nothing is copied from it any more.</summary>
    public void Release()
    {
        _ = _api.EnqueueUnmapMemory(_queue, _buffer, Start, 0, null, null);
        _ = _api.Finish(_queue);
        _ = _api.ReleaseMemObject(_buffer);
    }
}
