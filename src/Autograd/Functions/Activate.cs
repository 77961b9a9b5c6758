using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>y = f(x), value by value.</summary>
/// <typeparam name="TFunction">f.</typeparam>
public sealed class Activate<TFunction> : SingleOutputFunction
    where TFunction : struct, IPointwiseFunction
{
    private readonly Variable _x;

    private Activate(Variable x) => _x = x;

    public override string Name => "activate";

    public static Variable Apply(Tape tape, Variable x)
    {
        var y = tape.Device.Allocate(x.Shape);
        tape.Device.Pointwise.Forward<TFunction>(x.Value, y);
        return tape.Record(new Activate<TFunction>(x), y, x);
    }

    protected override void Backward(Tensor dOutput) => Device.Pointwise.Backward<TFunction>(_x.Value, dOutput, Target(_x));
}
