using System.Runtime.InteropServices;

namespace LargeRec.Engine.Cpu.Products;

/// <summary>
/// The memory that products pack their operands into: one block, grown when a product needs more than any before it and kept, so that a
/// training step allocates nothing.
/// </summary>
internal sealed unsafe class ProductScratch : IDisposable
{
    private const nuint Alignment = 64; // a cache line, and the widest vector

    private void* _block;
    private nuint _floats;

    /// <summary>Bytes held.</summary>
    public nuint Bytes => _floats * sizeof(float);

    /// <summary>At least this many floats, aligned to 64 bytes, contents undefined; valid until the next call.</summary>
    public float* Take(nuint floats)
    {
        if (floats > _floats)
        {
            NativeMemory.AlignedFree(_block);
            _floats = 0;
            _block = null;
            _block = NativeMemory.AlignedAlloc(floats * sizeof(float), Alignment);
            _floats = floats;
        }

        return (float*)_block;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_block);
        _block = null;
        _floats = 0;
    }
}
