using LargeRec.Autograd.Functions;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Losses;

/// <summary>The rows of the item table that a forward pass uses, and the pass's ids as places among them.</summary>
/// <param name="Rows">The rows, and in the end their gradient.</param>
/// <param name="Inputs">[T], what the model reads.</param>
/// <param name="Labels">[T]; 0 is no label.</param>
/// <param name="Negatives">[T·R].</param>
public sealed record SampledRows(RowGradient Rows, IndexTensor Inputs, IndexTensor Labels, IndexTensor Negatives)
{
    /// <summary>What <see cref="SequenceBatch"/> takes.</summary>
    public UsedRows ToInput() => new(Rows, Inputs);
}
