namespace LargeRec.Engine.Gpu.Driver;

/// <summary>Launches that were recorded once and are queued again as one. A driver disposes those that are left when it is disposed.</summary>
internal abstract class KernelRecording : IDisposable
{
    /// <summary>Queues all of them, in their order, behind what was queued before.</summary>
    /// <exception cref="GpuException">The driver refuses.</exception>
    public abstract void Replay();

    public abstract void Dispose();
}
