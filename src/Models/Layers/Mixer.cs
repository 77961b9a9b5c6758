using LargeRec.Autograd;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Layers;

/// <summary>The part of a block that looks along a sequence, from its projections to what it adds.</summary>
public abstract class Mixer : Module
{
    /// <summary>Floating-point operations of its products and its attention.</summary>
    public abstract double ForwardFlops(TokenCounts counts);

    /// <param name="queries">[T, D], what queries are made of.</param>
    /// <param name="x">[T, D], what keys and values are made of.</param>
    /// <param name="residual">[T, D], what the result is added to.</param>
    /// <param name="gate">What the result is multiplied with before, through a sigmoid; [T, D], or none.</param>
    /// <returns>[T, D].</returns>
    public abstract Variable Forward(ForwardContext context, Variable queries, Variable x, JaggedLayout layout, Variable residual, Variable? gate);
}
