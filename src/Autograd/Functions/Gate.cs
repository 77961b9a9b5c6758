using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>y = f(a)·b, value by value.</summary>
/// <typeparam name="TFunction">f.</typeparam>
public sealed class Gate<TFunction> : SingleOutputFunction
    where TFunction : struct, IPointwiseFunction
{
    private readonly Variable _a;
    private readonly Variable _b;

    private Gate(Variable a, Variable b) => (_a, _b) = (a, b);

    public override string Name => "gate";

    /// <param name="a">[T, W].</param>
    /// <param name="b">[T, W].</param>
    public static Variable Apply(Tape tape, Variable a, Variable b)
    {
        var y = tape.Device.Allocate(a.Shape);
        tape.Device.Pointwise.Gate<TFunction>(a.Value, b.Value, y);
        return tape.Record(new Gate<TFunction>(a, b), y, a, b);
    }

    protected override void Backward(Tensor dOutput) =>
        Device.Pointwise.GateBackward<TFunction>(_a.Value, _b.Value, dOutput, Target(_a), Target(_b));
}
