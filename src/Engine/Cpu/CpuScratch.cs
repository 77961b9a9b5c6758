using LargeRec.Engine.Memory;

namespace LargeRec.Engine.Cpu;

/// <summary>Memory that an operation needs while it runs, kept between operations so that a step allocates nothing.</summary>
internal sealed unsafe class CpuScratch : IDisposable
{
    private readonly MemoryPool _pool = new(new CpuSlabAllocator());

    public long HeldBytes => _pool.HeldBytes;

    /// <summary>Values, 64-byte aligned and undefined; given back by disposing the lease.</summary>
    public Lease Rent(long floats) => new(_pool, _pool.Rent(checked(floats * sizeof(float))));

    public void Dispose() => _pool.Dispose();

    internal readonly ref struct Lease(MemoryPool pool, MemoryBlock block)
    {
        public float* Pointer => (float*)(block.Slab + (nint)block.ByteOffset);

        public void Dispose()
        {
            pool.Return(block);
            if (pool.UsedBytes == 0)
            {
                pool.Reset();
            }
        }
    }
}
