using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>What happens to each sum of a product before it is stored, in the order of the members.</summary>
public readonly record struct ProductEpilogue
{
    /// <summary>Add what the output holds.</summary>
    public bool Accumulate { get; init; }

    /// <summary>A row of N added to every row.</summary>
    public Tensor? Bias { get; init; }

    /// <summary>[M, N]: receives the value before the activation, for the backward pass.</summary>
    public Tensor? PreActivation { get; init; }

    /// <summary>[M, N], added after the activation; may be the output itself.</summary>
    public Tensor? Residual { get; init; }
}
