using LargeRec.Engine.Gpu.Images;
using LargeRec.Engine.Memory;

namespace LargeRec.Engine.Gpu.Driver;

/// <summary>
/// One device behind a driver's interface: memory, copies, kernels, in one queue that keeps its order. Calls come from one thread at a time. A copy to the
/// device has taken its values when it returns; a copy from it waits for all that was launched before. Beside this queue a second one copies what a later step
/// reads.
/// </summary>
internal abstract class GpuDriver : ISlabAllocator, IDisposable
{
    /// <summary>The device in its own words.</summary>
    public abstract string Name { get; }

    /// <summary>What kernels are to be compiled for.</summary>
    public abstract KernelTarget Target { get; }

    /// <summary>The most threads of a group.</summary>
    public abstract int MostThreadsPerGroup { get; }

    /// <summary>Bytes of shared memory that a group may declare, "local" in OpenCL's words.</summary>
    public abstract long SharedBytesPerGroup { get; }

    public abstract nint Allocate(long bytes);

    public abstract void Free(nint slab, long bytes);

    public abstract void Write(nint slab, long byteOffset, ReadOnlySpan<byte> values);

    public abstract void Read(nint slab, long byteOffset, Span<byte> values);

    /// <summary>
    /// Begins to copy values to a landing place beside the kernels' queue, without waiting for what was queued there, except the latest
    /// <see cref="CopyArrived"/>. The values are the caller's own again when this returns; nothing but <see cref="CopyArrived"/> may read the landing place.
    /// </summary>
    public abstract void WriteAhead(nint landing, long byteOffset, ReadOnlySpan<byte> values);

    /// <summary>Queues copies from a landing place to where kernels read, behind what was queued before and behind the latest
    /// <see cref="WriteAhead"/>.</summary>
    public abstract void CopyArrived(nint landing, ReadOnlySpan<ArrivedPart> parts);

    /// <summary>Hands a kernel's text to the driver.</summary>
    /// <returns>The driver's handle.</returns>
    /// <exception cref="KernelException">The driver refuses the text; its log is in the message.</exception>
    public abstract nint Load(KernelImage image);

    /// <summary>Queues a kernel over a grid of groups in one dimension.</summary>
    /// <param name="kernel">As <see cref="Load"/> gave it.</param>
    /// <param name="image">What was loaded.</param>
    /// <param name="groups">At least 1.</param>
    /// <param name="threadsPerGroup">At most <see cref="MostThreadsPerGroup"/>.</param>
    /// <param name="sharedBytes">Shared memory that a group gets beyond what the kernel declares.</param>
    /// <param name="arguments">In the order of the image's parameters.</param>
    /// <exception cref="KernelException">The driver refuses the launch.</exception>
    public abstract void Launch(nint kernel, KernelImage image, int groups, int threadsPerGroup, int sharedBytes, ReadOnlySpan<KernelArgument> arguments);

    /// <summary>Whether launches can be recorded and launched again as one.</summary>
    public virtual bool CanRecord => false;

    /// <summary>
    /// Records the kernels that an action launches; they do not run. Memory keeps its address in a recording: what it was given must be there whenever it
    /// is replayed. While it records nothing may be allocated, copied from or to the host, loaded or waited for: run the action once before.
    /// </summary>
    /// <exception cref="NotSupportedException">The driver cannot record.</exception>
    /// <exception cref="InvalidOperationException">The action did what a recording cannot hold.</exception>
    public virtual KernelRecording Record(Action launches) => throw new NotSupportedException($"{Name} cannot record launches; launch them one by one");

    /// <summary>Waits until all that was queued is done.</summary>
    /// <exception cref="GpuException">Something of it failed.</exception>
    public abstract void Synchronize();

    public abstract void Dispose();
}
