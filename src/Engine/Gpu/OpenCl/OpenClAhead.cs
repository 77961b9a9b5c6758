using LargeRec.Engine.Gpu.Driver;

namespace LargeRec.Engine.Gpu.OpenCl;

/// <summary>
/// The copy of the next step's inputs: into page-locked memory of its own, from there by a queue of its own to a landing place while kernels run, and by copies
/// in the kernels' queue to where the step reads. One event says that the values have landed, the other that they were taken and may be overwritten.
/// </summary>
internal sealed unsafe class OpenClAhead
{
    private readonly OpenClApi _api;
    private readonly nint _context;
    private readonly nint _kernels;
    private readonly nint _copies;
    private readonly Action<int, string> _check;
    private OpenClHostMemory? _host;
    private nint _landed;
    private nint _taken;

    // Something was queued whose event there is none of: only waiting for the queue tells when it is done.
    private bool _isUnmarked;

    /// <param name="api">Calls.</param>
    /// <param name="context">Whose memory it is.</param>
    /// <param name="device">Where the queue is.</param>
    /// <param name="kernels">The kernels' queue.</param>
    /// <param name="check">Throws unless a call of that name succeeded.</param>
    public OpenClAhead(OpenClApi api, nint context, nint device, nint kernels, Action<int, string> check)
    {
        (_api, _context, _kernels, _check) = (api, context, kernels, check);
        int status;
        _copies = api.CreateCommandQueue(context, device, 0, &status);
        check(status, "clCreateCommandQueue");
    }

    /// <summary>Queues the copy to a landing place, behind the latest <see cref="Take"/>.</summary>
    public void Write(nint landing, long byteOffset, ReadOnlySpan<byte> values)
    {
        if (_isUnmarked)
        {
            _check(_api.Finish(_kernels), "clFinish");
            _isUnmarked = false;
        }

        var (landed, taken) = (_landed, _taken);
        if (landed != 0)
        {
            _check(_api.WaitForEvents(1, &landed), "clWaitForEvents");
        }

        if (_host is null || _host.Bytes < values.Length)
        {
            _host?.Release();
            _host = null;
            _host = new OpenClHostMemory(_api, _context, _copies, checked(values.Length + (values.Length / 2)), _check);
        }

        values.CopyTo(new Span<byte>(_host.Start, _host.Bytes));

        // What an event waits for in another queue must have been handed to the device, and kernels should run meanwhile.
        _check(_api.Flush(_kernels), "clFlush");
        nint copied;
        var waits = taken == 0 ? 0u : 1;
        _check(_api.EnqueueWriteBuffer(_copies, landing, 0, (nuint)byteOffset, (nuint)values.Length, _host.Start, waits, waits == 0 ? null : &taken, &copied),
            "clEnqueueWriteBuffer");
        Replace(ref _landed, copied);
        _check(_api.Flush(_copies), "clFlush");
    }

    /// <summary>Queues the copies from the landing place, behind the latest <see cref="Write"/>.</summary>
    public void Take(nint landing, ReadOnlySpan<ArrivedPart> parts)
    {
        var landed = _landed;
        for (var i = 0; i < parts.Length; i++)
        {
            var (part, isFirst, isLast) = (parts[i], i == 0, i == parts.Length - 1);
            nint copied = 0;
            _check(
                _api.EnqueueCopyBuffer(
                    _kernels, landing, part.Slab, (nuint)part.From, (nuint)part.To, (nuint)part.Bytes, isFirst ? 1u : 0, isFirst ? &landed : null,
                    isLast ? &copied : null),
                "clEnqueueCopyBuffer");
            _isUnmarked = !isLast;
            if (isLast)
            {
                Replace(ref _taken, copied);
            }
        }
    }

    /// <summary>Waits for the queue of copies.</summary>
    public void Synchronize() => _ = _api.Finish(_copies);

    /// <summary>Frees what there is; both queues are idle.</summary>
    public void Release()
    {
        _ = _landed == 0 ? 0 : _api.ReleaseEvent(_landed);
        _ = _taken == 0 ? 0 : _api.ReleaseEvent(_taken);
        _host?.Release();
        _ = _api.ReleaseCommandQueue(_copies);
    }

    private void Replace(ref nint place, nint made)
    {
        var old = place;
        place = made;
        if (old != 0)
        {
            _check(_api.ReleaseEvent(old), "clReleaseEvent");
        }
    }
}
