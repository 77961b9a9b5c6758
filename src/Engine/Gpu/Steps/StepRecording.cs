using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Memory;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Steps;

/// <summary>What is known of a recurring computation: that it is ready to be recorded, or its recording with all that the recording rests on.</summary>
internal sealed class StepRecording
{
    private const long Never = -1;

    private readonly HashSet<nint> _slabs = [];
    private readonly List<(nint Slab, long ByteOffset, int Length)> _inputs = [];
    private readonly List<(int Input, Action<IndexTensor> Check)> _checks = [];
    private (nint Slab, long ByteOffset, long Bytes)[] _held = [];
    private KernelRecording? _launches;
    private long _readyAt = Never;

    /// <summary>When it was asked for last, counted over all.</summary>
    public long LatestUse { get; set; }

    public bool IsRecorded => _launches is not null;

    /// <summary>Whether a whole run went before, since which the pool's slabs are the same: it took no memory from the driver then, and will take none
    /// now.</summary>
    public bool IsReady(MemoryPool pool) => _readyAt == pool.Version;

    public void RunUnrecorded(MemoryPool pool, Action compute)
    {
        var before = pool.Version;
        compute();
        _readyAt = pool.Version == before ? before : Never;
    }

    /// <summary>Records; nothing has run yet when it returns.</summary>
    public void Record(GpuDriver driver, MemoryPool pool, ReadOnlySpan<IndexTensor> inputs, Action compute)
    {
        Forget();
        foreach (var input in inputs)
        {
            _inputs.Add(PlaceOf(input));
        }

        _held = pool.Held();
        _launches = driver.Record(compute);
    }

    /// <summary>Queues what was recorded.</summary>
    /// <exception cref="ArgumentException">An id is outside its table, as when computing.</exception>
    /// <exception cref="InvalidOperationException">The memory is not the recording's.</exception>
    public void Replay(MemoryPool pool, ReadOnlySpan<IndexTensor> inputs)
    {
        var isSame = inputs.Length == _inputs.Count && pool.Held().AsSpan().SequenceEqual(_held);
        for (var i = 0; isSame && i < inputs.Length; i++)
        {
            isSame = PlaceOf(inputs[i]) == _inputs[i];
        }

        if (!isSame)
        {
            throw new InvalidOperationException(
                "a step finds other memory than when it was recorded; its key must tell apart whatever it depends on, and its inputs must be all that its "
                + "step allocates before it");
        }

        foreach (var (input, check) in _checks)
        {
            check(inputs[input]);
        }

        Replay();
    }

    /// <summary>The same right behind <see cref="Record"/>, whose computation has checked its inputs.</summary>
    public void Replay() => _launches!.Replay();

    /// <summary>A launch that is being recorded touches this memory.</summary>
    public void Touch(nint slab) => _slabs.Add(slab);

    /// <summary>Ids were checked while this was recorded: those of a replay will be, too.</summary>
    public void Checked(IndexTensor ids, Action<IndexTensor> check)
    {
        var input = _inputs.IndexOf(PlaceOf(ids));
        if (input >= 0)
        {
            _checks.Add((input, check));
        }
    }

    /// <summary>Memory is about to be freed.</summary>
    public void Freeing(nint slab)
    {
        if (_slabs.Contains(slab))
        {
            Forget();
        }
    }

    /// <summary>Back to the beginning.</summary>
    public void Forget()
    {
        _launches?.Dispose();
        _launches = null;
        _readyAt = Never;
        _slabs.Clear();
        _inputs.Clear();
        _checks.Clear();
    }

    private static (nint Slab, long ByteOffset, int Length) PlaceOf(IndexTensor tensor) =>
        (tensor.Block.Slab, tensor.Block.ByteOffset + (tensor.Offset * sizeof(int)), tensor.Length);
}
