using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Memory;
using LargeRec.Engine.Steps;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Steps;

/// <summary>
/// The recordings of a device's recurring computations. The first run of one is not recorded: it loads kernels and brings the pool to its size. The second is
/// recorded and replayed, the third and all later ones replayed. The device's memory is freed through here, and a recording ends before memory that it touches.
/// </summary>
/// <param name="driver">Records.</param>
/// <param name="most">How many are kept, those used last; 0: nothing is recorded.</param>
internal sealed class StepRecordings(GpuDriver driver, int most) : ISlabAllocator
{
    private readonly Dictionary<StepKey, StepRecording> _known = [];
    private StepRecording? _current;
    private long _uses;

    /// <summary>Launches are recorded now, and do not run.</summary>
    public bool IsRecording => _current is not null;

    /// <summary>How many are recorded.</summary>
    public int Count => _known.Values.Count(r => r.IsRecorded);

    /// <summary>Replays so far.</summary>
    public long Replays { get; private set; }

    public nint Allocate(long bytes) => driver.Allocate(bytes);

    public void Free(nint slab, long bytes)
    {
        foreach (var recording in _known.Values)
        {
            recording.Freeing(slab);
        }

        driver.Free(slab, bytes);
    }

    /// <summary>Runs, records or replays a computation.</summary>
    /// <param name="inputs">What is new each time.</param>
    /// <returns>Whether it was called.</returns>
    public bool Run(in StepKey key, MemoryPool pool, ReadOnlySpan<IndexTensor> inputs, Action compute)
    {
        if (most == 0)
        {
            compute();
            return true;
        }

        var step = Find(key);
        if (step.IsRecorded)
        {
            step.Replay(pool, inputs);
            Replays++;
            return false;
        }

        if (!step.IsReady(pool))
        {
            step.RunUnrecorded(pool, compute);
            return true;
        }

        _current = step;
        try
        {
            step.Record(driver, pool, inputs, compute);
        }
        catch
        {
            step.Forget();
            throw;
        }
        finally
        {
            _current = null;
        }

        step.Replay();
        Replays++;
        return true;
    }

    /// <summary>A launch touches this memory.</summary>
    public void Touch(nint slab) => _current?.Touch(slab);

    /// <summary>Ids were checked.</summary>
    public void Checked(IndexTensor ids, Action<IndexTensor> check) => _current?.Checked(ids, check);

    private StepRecording Find(in StepKey key)
    {
        if (!_known.TryGetValue(key, out var step))
        {
            if (_known.Count >= most)
            {
                var oldest = _known.MinBy(k => k.Value.LatestUse);
                oldest.Value.Forget();
                _known.Remove(oldest.Key);
            }

            step = _known[key] = new StepRecording();
        }

        step.LatestUse = ++_uses;
        return step;
    }
}
