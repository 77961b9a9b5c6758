namespace LargeRec.Engine.Memory;

/// <summary>A piece of a device's memory. The generation grows whenever the piece is given back, so that a view of its former self knows.</summary>
internal sealed class MemoryBlock
{
    /// <summary>The slab's address (CPU, CUDA) or handle (OpenCL).</summary>
    public nint Slab { get; set; }

    /// <summary>Bytes from the slab's start.</summary>
    public long ByteOffset { get; set; }

    public long Bytes { get; set; }

    public int Generation { get; set; }

    /// <summary>Where the pool keeps it among those in use; -1 for one that outlives steps.</summary>
    public int Position { get; set; } = -1;

    /// <summary>Which of the pool's slabs it is part of.</summary>
    public int SlabIndex { get; set; }
}
