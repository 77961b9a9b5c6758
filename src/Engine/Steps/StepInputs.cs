using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Steps;

/// <summary>
/// What a step reads of the host, handed to the device before the step begins: a layout and arrays of ids. A device with memory of its own copies them while it
/// still computes what was queued before; every other keeps them until they are taken. <see cref="Begin"/>, <see cref="Add"/> and <see cref="Send"/> for one
/// step, then <see cref="Take"/> in that step; what was sent and never taken is forgotten by the next <see cref="Begin"/>.
/// </summary>
public class StepInputs
{
    private readonly List<(int First, int Length)> _arrays = [];
    private JaggedLayout? _layout;
    private int[] _values = [];
    private int _count;
    private int _sent;

    internal StepInputs(Device device) => Device = device;

    /// <summary>The device that made it.</summary>
    public Device Device { get; }

    /// <summary>Begins with the inputs of another step.</summary>
    /// <param name="layout">Assigned already, and left as it is until it was taken.</param>
    public void Begin(JaggedLayout layout)
    {
        (_layout, _count, _sent) = (layout, 0, 0);
        _arrays.Clear();
    }

    /// <summary>Adds an array; its values are the caller's own again when this returns.</summary>
    /// <param name="values">Ids.</param>
    /// <param name="zeros">So many zeros come behind them.</param>
    public void Add(ReadOnlySpan<int> values, int zeros = 0)
    {
        var array = Append(values.Length + zeros);
        values.CopyTo(array);
        array[values.Length..].Clear();
    }

    /// <summary>Begins to copy what was added.</summary>
    public void Send()
    {
        var layout = _layout ?? throw new InvalidOperationException("step inputs: there is nothing to send; call Begin first");
        var count = _arrays.Count;
        SendCore(layout);
        _sent = count;
    }

    /// <summary>The arrays in the order in which they were added, as tensors of the open step; the layout is ready for its operations.</summary>
    /// <param name="arrays">As many as were added.</param>
    public void Take(Span<IndexTensor> arrays)
    {
        if (arrays.Length != _sent)
        {
            throw new InvalidOperationException($"step inputs: {arrays.Length} arrays are taken of {_sent} that were sent");
        }

        _sent = 0;
        TakeCore(_layout!, arrays);
    }

    /// <summary>How many arrays there are.</summary>
    private protected int Count => _arrays.Count;

    /// <summary>All values, array behind array.</summary>
    private protected ReadOnlySpan<int> Values => _values.AsSpan(0, _count);

    /// <summary>Where each array is among the values.</summary>
    private protected (int First, int Length) PlaceOf(int array) => _arrays[array];

    /// <summary>A further array, its values undefined.</summary>
    private protected Span<int> Append(int length)
    {
        var first = _count;
        _count = checked(_count + length);
        if (_values.Length < _count)
        {
            Array.Resize(ref _values, Math.Max(_count, 2 * _values.Length));
        }

        _arrays.Add((first, length));
        return _values.AsSpan(first, length);
    }

    private protected virtual void SendCore(JaggedLayout layout)
    {
    }

    private protected virtual void TakeCore(JaggedLayout layout, Span<IndexTensor> arrays)
    {
        for (var i = 0; i < arrays.Length; i++)
        {
            var (first, length) = _arrays[i];
            arrays[i] = Device.Upload(_values.AsSpan(first, length));
        }
    }
}
