using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd;

/// <summary>A function with one output: all but the splitting of columns.</summary>
public abstract class SingleOutputFunction : Function
{
    internal sealed override void BackwardAll(IReadOnlyList<Tensor?> dOutputs) => Backward(dOutputs[0]!);

    /// <summary>Adds what it owes to the gradients of its inputs.</summary>
    /// <param name="dOutput">The gradient of the output; freed afterwards unless it was given away as the last thing.</param>
    protected abstract void Backward(Tensor dOutput);
}
