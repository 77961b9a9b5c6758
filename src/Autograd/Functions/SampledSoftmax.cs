using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>The sampled softmax loss, a scalar; the formula is <see cref="Engine.Operations.LossOperations.SampledSoftmax"/>'s.</summary>
public sealed class SampledSoftmax : ItemLoss
{
    private SampledSoftmax(Variable queries, Variable items)
        : base(queries, items)
    {
    }

    public override string Name => "sampled softmax";

    /// <param name="queries">[T, D], normalised.</param>
    /// <param name="items">[V, D], normalised.</param>
    /// <param name="labels">[T]; 0 is no label.</param>
    /// <param name="negatives">[T·R].</param>
    /// <param name="weight">What each token counts: 1 over the step's labelled tokens.</param>
    /// <param name="offsets">[1, V], added to the logits by item; none adds nothing.</param>
    public static Variable Apply(
        Tape tape, Variable queries, Variable items, IndexTensor labels, IndexTensor negatives, float temperature, float weight, Tensor? offsets = null)
    {
        var function = new SampledSoftmax(queries, items);
        var loss = function.Allocate(tape);
        tape.Device.Loss.SampledSoftmax(
            queries.Value, items.Value, labels, negatives, temperature, weight, loss, function.QueryGradient, function.ItemGradient,
            offsets: offsets);
        return tape.Record(function, loss, queries, items);
    }
}
