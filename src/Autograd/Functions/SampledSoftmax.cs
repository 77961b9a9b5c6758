using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>
/// The sampled softmax loss, a scalar; the formula is <see cref="Engine.Operations.LossOperations.SampledSoftmax"/>'s. Its gradients are computed in the
/// forward pass, where the sampled rows are at hand, and handed on by the backward pass.
/// </summary>
public sealed class SampledSoftmax : SingleOutputFunction
{
    private readonly Variable _queries;
    private readonly Variable _items;
    private Tensor? _queryGradient;
    private Tensor? _itemGradient;

    private SampledSoftmax(Variable queries, Variable items) => (_queries, _items) = (queries, items);

    public override string Name => "sampled softmax";

    /// <param name="queries">[T, D], normalised.</param>
    /// <param name="items">[V, D], normalised.</param>
    /// <param name="labels">[T]; 0 is no label.</param>
    /// <param name="negatives">[T·R].</param>
    /// <param name="weight">What each token counts: 1 over the step's labelled tokens.</param>
    public static Variable Apply(Tape tape, Variable queries, Variable items, IndexTensor labels, IndexTensor negatives, float temperature, float weight)
    {
        var function = new SampledSoftmax(queries, items);
        var loss = tape.Device.Allocate(Shape.Scalar);
        if (tape.RequiresGradient(function, queries, items))
        {
            function._queryGradient = tape.Device.Allocate(queries.Shape);
            function._itemGradient = tape.Device.Allocate(items.Shape);
        }

        tape.Device.Loss.SampledSoftmax(
            queries.Value, items.Value, labels, negatives, temperature, weight, loss, function._queryGradient, function._itemGradient);
        return tape.Record(function, loss, queries, items);
    }

    protected override void Backward(Tensor dOutput)
    {
        GiveScaled(_queries, _queryGradient!, dOutput);
        GiveScaled(_items, _itemGradient!, dOutput);
    }

    private void GiveScaled(Variable input, Tensor gradient, Tensor dOutput)
    {
        if (Tape.IsSeed(dOutput))
        {
            if (!input.Adopt(gradient))
            {
                Device.Release(gradient);
            }

            return;
        }

        // The loss is part of a larger one.
        var target = Target(input);
        if (target.Tensor is { } sum)
        {
            if (!target.Accumulate)
            {
                Device.Pointwise.Fill(sum, 0);
            }

            Device.Pointwise.Add(gradient, sum, dOutput.ToScalar());
        }

        Device.Release(gradient);
    }
}
