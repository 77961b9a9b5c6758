using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>y = x·keep/(1 − rate), or with a residual y = residual + x·keep/(1 − rate); the mask is drawn again for the backward pass.</summary>
public sealed class Dropout : SingleOutputFunction
{
    private readonly Variable _x;
    private readonly DropoutSite _site;
    private readonly Variable? _residual;

    private Dropout(Variable x, DropoutSite site, Variable? residual) => (_x, _site, _residual) = (x, site, residual);

    public override string Name => "dropout";

    /// <returns>x itself where nothing is dropped.</returns>
    public static Variable Apply(Tape tape, Variable x, DropoutSite site)
    {
        if (!site.IsActive)
        {
            return x;
        }

        var y = tape.Device.Allocate(x.Shape);
        tape.Device.Pointwise.Dropout(x.Value, site, y);
        return tape.Record(new Dropout(x, site, null), y, x);
    }

    /// <returns>The sum, with or without dropout.</returns>
    public static Variable AddTo(Tape tape, Variable residual, Variable x, DropoutSite site)
    {
        var y = tape.Device.Allocate(x.Shape);
        tape.Device.Pointwise.DropoutAdd(x.Value, site, residual.Value, y);
        return tape.Record(new Dropout(x, site, residual), y, x, residual);
    }

    protected override void Backward(Tensor dOutput)
    {
        var target = Target(_x);
        if (target is { Tensor: { } tensor, Accumulate: false })
        {
            Device.Pointwise.Dropout(dOutput, _site, tensor);
        }
        else if (target.Tensor is { } sum)
        {
            Device.Pointwise.DropoutAdd(dOutput, _site, sum, sum);
        }

        if (_residual is not null)
        {
            Give(_residual, dOutput);
        }
    }
}
