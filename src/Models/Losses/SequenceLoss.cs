using LargeRec.Autograd;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Losses;

/// <summary>What is minimised: every event's query against the item that followed it.</summary>
public abstract class SequenceLoss
{
    /// <summary>Floating-point operations of a forward pass; the gradients take twice as many.</summary>
    /// <param name="tokens">T.</param>
    /// <param name="width">D.</param>
    public abstract double ForwardFlops(long tokens, int width);

    /// <summary>The loss of a batch: the sum over its labelled tokens times <paramref name="weight"/>.</summary>
    /// <param name="queries">[T, D], of length 1 each.</param>
    /// <param name="items">[V, D], of length 1 each.</param>
    /// <param name="labels">[T]; 0 is no label.</param>
    /// <param name="weight">1 over the labelled tokens of the whole step.</param>
    public abstract Variable Forward(ForwardContext context, Variable queries, Variable items, IndexTensor labels, float weight);
}
