using LargeRec.Engine.Memory;

namespace LargeRec.Engine.Tensors;

/// <summary>
/// A view of a device's memory. What a step allocates dies with the step: touching it afterwards throws and names the step, because the
/// block's generation has moved on.
/// </summary>
public abstract class DeviceArray
{
    private readonly int _generation;

    private protected DeviceArray(Device device, MemoryBlock block, long offset, long step)
    {
        (Device, Block, Offset, Step) = (device, block, offset, step);
        _generation = block.Generation;
    }

    public Device Device { get; }

    /// <summary>The number of the step that owns the memory; 0 for memory that outlives steps.</summary>
    public long Step { get; }

    /// <summary>Whether the memory is still this view's.</summary>
    public bool IsAlive => Block.Generation == _generation;

    /// <summary>Values before this view's first within the block.</summary>
    internal long Offset { get; }

    internal MemoryBlock Block { get; }

    /// <summary>Throws unless the view is alive.</summary>
    /// <exception cref="ObjectDisposedException">The step has ended, or the backward pass has freed the value.</exception>
    internal void ThrowIfDead()
    {
        if (!IsAlive)
        {
            throw new ObjectDisposedException(
                null,
                Step == 0
                    ? $"{Describe()} was released; it cannot be used any more."
                    : $"{Describe()} belongs to step {Step} and its memory has been freed, by the step's end or by its backward pass; call Keep() within the "
                        + $"step to hold on to a value.");
        }
    }

    private protected abstract string Describe();
}
