using LargeRec.Engine;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd;

/// <summary>
/// A differentiable function as it stands on the tape: what its forward saved, and its backward. A function is one class in one file
/// whose static <c>Apply</c> computes the value and records it.
/// </summary>
public abstract class Function
{
    private readonly List<Tensor> _saved = [];
    private Tape? _tape;

    /// <summary>What it is called in messages: "layer norm".</summary>
    public abstract string Name { get; }

    internal IReadOnlyList<Variable> Outputs { get; private set; } = [];

    /// <summary>What it was computed from, on a tape that traces non-finite values; else nothing.</summary>
    internal IReadOnlyList<Variable?> TracedInputs { get; private set; } = [];

    /// <summary>Whether its outputs have memory of their own that the backward pass may free; false for views.</summary>
    internal virtual bool OwnsOutputs => true;

    protected Device Device => Tape.Device;

    private protected Tape Tape => _tape ?? throw new InvalidOperationException($"{Name} is not on a tape.");

    internal void Attach(Tape tape, IReadOnlyList<Variable> outputs, IReadOnlyList<Variable?> tracedInputs) =>
        (_tape, Outputs, TracedInputs) = (tape, outputs, tracedInputs);

    /// <summary>Adds what it owes to the gradients of its inputs. Those outputs that nothing was computed from have no gradient.</summary>
    internal abstract void BackwardAll(IReadOnlyList<Tensor?> dOutputs);

    internal void ReleaseSaved()
    {
        foreach (var tensor in _saved)
        {
            Device.Release(tensor);
        }

        _saved.Clear();
    }

    /// <summary>Keeps a tensor of this function's own for the backward pass, which frees it afterwards.</summary>
    protected Tensor Save(Tensor tensor)
    {
        _saved.Add(tensor);
        return tensor;
    }

    /// <summary>Where the gradient of an input goes.</summary>
    protected static GradientTarget Target(Variable input) => input.Target();

    /// <summary>Where the gradient of an optional input goes.</summary>
    protected static GradientTarget TargetOrNone(Variable? input) => input?.Target() ?? GradientTarget.None;

    /// <summary>Gives a gradient that this function needs no more to an input: without a copy where the input has none yet.</summary>
    protected void Give(Variable input, Tensor gradient) => Tape.Give(input, gradient);
}
