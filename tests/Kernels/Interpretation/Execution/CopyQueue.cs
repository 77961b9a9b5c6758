using LargeRec.Kernels.Tests.Interpretation.Memory;

namespace LargeRec.Kernels.Tests.Interpretation.Execution;

/// <summary>The asynchronous copies of a warp's threads: they arrive as late as they may, when a thread waits for them.</summary>
internal sealed class CopyQueue(Warp warp)
{
    private readonly List<Copy>[] pending = [.. Enumerable.Range(0, Warp.Size).Select(_ => new List<Copy>())];
    private readonly int[] committed = new int[Warp.Size];

    public void Clear()
    {
        committed.AsSpan().Clear();
        foreach (var copies in pending)
        {
            copies.Clear();
        }
    }

    public void Add(int lane, Segment segment, long offset, byte[] data) => pending[lane].Add(new Copy(segment, offset, data, committed[lane]));

    /// <summary>Closes a thread's current batch of copies.</summary>
    public void Commit(int lane) => committed[lane]++;

    /// <summary>Completes all batches of a thread but the latest <paramref name="open"/>.</summary>
    public void Wait(int lane, int open) => Complete(lane, committed[lane] - open);

    /// <summary>Completes all copies of a thread, committed or not.</summary>
    public void WaitAll(int lane) => Complete(lane, int.MaxValue);

    private void Complete(int lane, int before)
    {
        foreach (var copy in pending[lane].Where(c => c.Batch < before))
        {
            warp.Memory.EndCopy(copy.Segment, copy.Offset, copy.Data, lane);
        }

        pending[lane].RemoveAll(c => c.Batch < before);
    }

    private sealed record Copy(Segment Segment, long Offset, byte[] Data, int Batch);
}
