using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>y = f(x·W) with W [D, W] applied from the right, without a bias: HSTU's projection to U, V, Q and K.</summary>
/// <typeparam name="TActivation">f.</typeparam>
public sealed class Projection<TActivation> : SingleOutputFunction
    where TActivation : struct, IPointwiseFunction
{
    private readonly Variable _x;
    private readonly Variable _weight;
    private Tensor? _preActivation;

    private Projection(Variable x, Variable weight) => (_x, _weight) = (x, weight);

    public override string Name => "projection";

    /// <param name="x">[T, D].</param>
    /// <param name="weight">[D, W].</param>
    public static Variable Apply(Tape tape, Variable x, Variable weight)
    {
        var function = new Projection<TActivation>(x, weight);
        var shape = Shape.Matrix(x.Shape.Rows, weight.Shape.Columns);
        var y = tape.Device.Allocate(shape);
        if (tape.RequiresGradient(function, x, weight) && typeof(TActivation) != typeof(Identity))
        {
            function._preActivation = function.Save(tape.Device.Allocate(shape));
        }

        tape.Device.Products.Multiply<TActivation>(
            x.Value, false, weight.Value, false, y, new ProductEpilogue { PreActivation = function._preActivation });
        return tape.Record(function, y, x, weight);
    }

    protected override void Backward(Tensor dOutput) => Device.Products.ProjectionBackward<TActivation>(
        _x.Value, _weight.Value, _preActivation, dOutput, TargetOrNone(_x), TargetOrNone(_weight));
}
