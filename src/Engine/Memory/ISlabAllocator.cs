namespace LargeRec.Engine.Memory;

/// <summary>Large pieces of a device's memory, straight from its driver.</summary>
internal interface ISlabAllocator
{
    /// <summary>Allocates, at least 64-byte aligned.</summary>
    /// <exception cref="OutOfMemoryException">Says what was asked for and what is held.</exception>
    nint Allocate(long bytes);

    /// <summary>The same for what outlives steps, such as tables of which rows anywhere are read: a device may choose memory that suits this.</summary>
    nint AllocatePersistent(long bytes) => Allocate(bytes);

    void Free(nint slab, long bytes);
}
