namespace LargeRec.Engine.Memory;

/// <summary>
/// The life of what one step allocates: <c>using var step = device.BeginStep();</c>. When it is disposed all of its memory goes back to
/// the device's pool and its tensors are dead. Steps do not nest.
/// </summary>
public sealed class StepScope : IDisposable
{
    private readonly Device _device;
    private bool _ended;

    internal StepScope(Device device, long number) => (_device, Number) = (device, number);

    /// <summary>Counted from 1 over the device's life.</summary>
    public long Number { get; }

    public void Dispose()
    {
        if (!_ended)
        {
            _ended = true;
            _device.EndStep(this);
        }
    }
}
