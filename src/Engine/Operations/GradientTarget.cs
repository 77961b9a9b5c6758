using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>
/// Where a backward operation puts a gradient: written over what is there, or added to it. The default, without a tensor, says that
/// nobody asks for this gradient and it is not computed.
/// </summary>
/// <param name="Tensor">Of the shape of the value that the gradient belongs to.</param>
/// <param name="Accumulate">Add to what is there instead of overwriting it.</param>
public readonly record struct GradientTarget(Tensor? Tensor, bool Accumulate)
{
    /// <summary>No gradient is asked for.</summary>
    public static GradientTarget None => default;

    public bool IsWanted => Tensor is not null;
}
