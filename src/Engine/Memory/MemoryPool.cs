namespace LargeRec.Engine.Memory;

/// <summary>
/// The memory of a step: blocks cut best-fit from a few slabs, joined with their neighbours when given back. When a step ends everything
/// is free again, and several slabs become one as large as all of them: after the largest batch has been seen nothing is allocated any more.
/// </summary>
internal sealed class MemoryPool(ISlabAllocator allocator) : IDisposable
{
    private const long Alignment = 64;
    private const long SmallestSlab = 1 << 20;

    private readonly List<Slab> _slabs = [];
    private readonly List<MemoryBlock> _inUse = [];
    private readonly Stack<MemoryBlock> _spare = new();

    /// <summary>Bytes held from the device.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>Bytes of the blocks in use.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>The most that was ever in use.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Grows with every slab that is added: while it is the same, equal requests in equal order get equal places in every step.</summary>
    public long Version { get; private set; }

    public MemoryBlock Rent(long bytes)
    {
        bytes = Math.Max(Alignment, (bytes + Alignment - 1) / Alignment * Alignment);
        var (slab, gap) = FindGap(bytes);
        if (slab < 0)
        {
            AddSlab(Math.Max(bytes, Math.Max(SmallestSlab, HeldBytes / 2)));
            (slab, gap) = (_slabs.Count - 1, 0);
        }

        var gaps = _slabs[slab].Gaps;
        var (offset, length) = gaps[gap];
        if (length == bytes)
        {
            gaps.RemoveAt(gap);
        }
        else
        {
            gaps[gap] = (offset + bytes, length - bytes);
        }

        var block = _spare.Count > 0 ? _spare.Pop() : new MemoryBlock();
        (block.Slab, block.SlabIndex, block.ByteOffset, block.Bytes) = (_slabs[slab].Handle, slab, offset, bytes);
        block.Position = _inUse.Count;
        _inUse.Add(block);
        UsedBytes += bytes;
        PeakBytes = Math.Max(PeakBytes, UsedBytes);
        return block;
    }

    /// <summary>The places of the blocks in use.</summary>
    public (nint Slab, long ByteOffset, long Bytes)[] Held() => [.. _inUse.Select(b => (b.Slab, b.ByteOffset, b.Bytes))];

    /// <summary>Gives one block back before its step ends.</summary>
    public void Return(MemoryBlock block)
    {
        var last = _inUse[^1];
        _inUse[block.Position] = last;
        last.Position = block.Position;
        _inUse.RemoveAt(_inUse.Count - 1);
        Retire(block);

        var gaps = _slabs[block.SlabIndex].Gaps;
        var next = 0;
        while (next < gaps.Count && gaps[next].Offset < block.ByteOffset)
        {
            next++;
        }

        var (offset, length) = (block.ByteOffset, block.Bytes);
        if (next < gaps.Count && offset + length == gaps[next].Offset)
        {
            length += gaps[next].Length;
            gaps.RemoveAt(next);
        }

        if (next > 0 && gaps[next - 1].Offset + gaps[next - 1].Length == offset)
        {
            gaps[next - 1] = (gaps[next - 1].Offset, gaps[next - 1].Length + length);
        }
        else
        {
            gaps.Insert(next, (offset, length));
        }
    }

    /// <summary>Gives every block back and joins the slabs.</summary>
    public void Reset()
    {
        foreach (var block in _inUse)
        {
            Retire(block);
        }

        _inUse.Clear();
        if (_slabs.Count > 1)
        {
            var total = HeldBytes;
            FreeSlabs();
            AddSlab(total);
        }

        foreach (var slab in _slabs)
        {
            slab.Gaps.Clear();
            slab.Gaps.Add((0, slab.Bytes));
        }
    }

    /// <summary>Gives the slabs back where nothing is in use.</summary>
    public void Trim()
    {
        if (_inUse.Count == 0)
        {
            FreeSlabs();
        }
    }

    public void Dispose()
    {
        foreach (var block in _inUse)
        {
            Retire(block);
        }

        _inUse.Clear();
        FreeSlabs();
    }

    private void Retire(MemoryBlock block)
    {
        block.Generation++;
        block.Position = -1;
        UsedBytes -= block.Bytes;
        _spare.Push(block);
    }

    private (int Slab, int Gap) FindGap(long bytes)
    {
        var best = (Slab: -1, Gap: -1);
        var bestLength = long.MaxValue;
        for (var s = 0; s < _slabs.Count; s++)
        {
            var gaps = _slabs[s].Gaps;
            for (var g = 0; g < gaps.Count; g++)
            {
                if (gaps[g].Length >= bytes && gaps[g].Length < bestLength)
                {
                    (best, bestLength) = ((s, g), gaps[g].Length);
                }
            }
        }

        return best;
    }

    private void AddSlab(long bytes)
    {
        var slab = new Slab(allocator.Allocate(bytes), bytes);
        slab.Gaps.Add((0, bytes));
        _slabs.Add(slab);
        HeldBytes += bytes;
        Version++;
    }

    private void FreeSlabs()
    {
        foreach (var slab in _slabs)
        {
            allocator.Free(slab.Handle, slab.Bytes);
            HeldBytes -= slab.Bytes;
        }

        _slabs.Clear();
    }

    private sealed record Slab(nint Handle, long Bytes)
    {
        /// <summary>Free pieces by offset, never touching each other.</summary>
        public List<(long Offset, long Length)> Gaps { get; } = [];
    }
}
