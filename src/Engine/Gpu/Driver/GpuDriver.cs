using LargeRec.Engine.Gpu.Images;
using LargeRec.Engine.Memory;

namespace LargeRec.Engine.Gpu.Driver;

/// <summary>
/// One device behind a driver's interface: memory, copies, kernels, in one queue that keeps its order. Calls come from one thread at a time. A copy to the
/// device has taken its values when it returns; a copy from it waits for all that was launched before.
/// </summary>
internal abstract class GpuDriver : ISlabAllocator, IDisposable
{
    /// <summary>The device in its own words.</summary>
    public abstract string Name { get; }

    /// <summary>What kernels are to be compiled for.</summary>
    public abstract KernelTarget Target { get; }

    /// <summary>The most threads of a group.</summary>
    public abstract int MostThreadsPerGroup { get; }

    public abstract nint Allocate(long bytes);

    public abstract void Free(nint slab, long bytes);

    public abstract void Write(nint slab, long byteOffset, ReadOnlySpan<byte> values);

    public abstract void Read(nint slab, long byteOffset, Span<byte> values);

    /// <summary>Hands a kernel's text to the driver.</summary>
    /// <returns>The driver's handle.</returns>
    /// <exception cref="KernelException">The driver refuses the text; its log is in the message.</exception>
    public abstract nint Load(KernelImage image);

    /// <summary>Queues a kernel over a grid of groups in one dimension.</summary>
    public abstract void Launch(nint kernel, KernelImage image, int groups, int threadsPerGroup, ReadOnlySpan<KernelArgument> arguments);

    /// <summary>Waits until all that was queued is done.</summary>
    /// <exception cref="GpuException">Something of it failed.</exception>
    public abstract void Synchronize();

    public abstract void Dispose();
}
