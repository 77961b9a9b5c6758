using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>Binary cross-entropy against drawn negatives, a scalar; the formula is
/// <see cref="Engine.Operations.LossOperations.SampledBinaryCrossEntropy"/>'s.</summary>
public sealed class SampledBinaryCrossEntropy : ItemLoss
{
    private SampledBinaryCrossEntropy(Variable queries, Variable items)
        : base(queries, items)
    {
    }

    public override string Name => "binary cross-entropy";

    /// <param name="queries">[T, D].</param>
    /// <param name="items">[V, D].</param>
    /// <param name="labels">[T]; 0 is no label.</param>
    /// <param name="negatives">[T·R].</param>
    /// <param name="positivePower">β.</param>
    /// <param name="weight">What each token counts: 1 over the step's labelled tokens.</param>
    public static Variable Apply(
        Tape tape, Variable queries, Variable items, IndexTensor labels, IndexTensor negatives, float temperature, float positivePower, float weight)
    {
        var function = new SampledBinaryCrossEntropy(queries, items);
        var loss = function.Allocate(tape);
        tape.Device.Loss.SampledBinaryCrossEntropy(
            queries.Value, items.Value, labels, negatives, temperature, positivePower, weight, loss, function.QueryGradient, function.ItemGradient);
        return tape.Record(function, loss, queries, items);
    }
}
