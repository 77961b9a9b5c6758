using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>
/// A loss, a scalar, of queries against items. Its gradients are computed in the forward pass, where what they are made of is at hand, and handed on by the
/// backward pass.
/// </summary>
public abstract class ItemLoss : SingleOutputFunction
{
    private readonly Variable _queries;
    private readonly Variable _items;

    private protected ItemLoss(Variable queries, Variable items) => (_queries, _items) = (queries, items);

    /// <summary>Where the forward pass writes the queries' gradient; null without gradients.</summary>
    private protected Tensor? QueryGradient { get; private set; }

    /// <summary>Where the forward pass writes the items' gradient; null without gradients.</summary>
    private protected Tensor? ItemGradient { get; private set; }

    /// <summary>The loss's memory, and that of the gradients where they are wanted.</summary>
    private protected Tensor Allocate(Tape tape)
    {
        var loss = tape.Device.Allocate(Shape.Scalar);
        if (tape.RequiresGradient(this, _queries, _items))
        {
            QueryGradient = tape.Device.Allocate(_queries.Shape);
            ItemGradient = tape.Device.Allocate(_items.Shape);
        }

        return loss;
    }

    protected override void Backward(Tensor dOutput)
    {
        GiveScaled(_queries, QueryGradient!, dOutput);
        GiveScaled(_items, ItemGradient!, dOutput);
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
