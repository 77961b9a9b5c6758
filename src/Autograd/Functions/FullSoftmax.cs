using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>The softmax loss over a whole table, a scalar; the formula is <see cref="Engine.Operations.LossOperations.FullSoftmax"/>'s.</summary>
public sealed class FullSoftmax : ItemLoss
{
    private FullSoftmax(Variable queries, Variable items)
        : base(queries, items)
    {
    }

    public override string Name => "full softmax";

    /// <param name="queries">[T, D].</param>
    /// <param name="items">[V, D].</param>
    /// <param name="offsets">[1, V], added to the dot products: 0, or <see cref="Engine.Operations.LossOperations.Excluded"/>; none adds nothing.</param>
    /// <param name="labels">[T]; 0 is no label.</param>
    /// <param name="weight">What each token counts: 1 over the step's labelled tokens.</param>
    public static Variable Apply(Tape tape, Variable queries, Variable items, Tensor? offsets, IndexTensor labels, float temperature, float weight)
    {
        var function = new FullSoftmax(queries, items);
        var loss = function.Allocate(tape);
        tape.Device.Loss.FullSoftmax(
            queries.Value, items.Value, offsets, labels, temperature, weight, loss, function.QueryGradient, function.ItemGradient);
        return tape.Record(function, loss, queries, items);
    }
}
