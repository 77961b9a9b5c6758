using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>y = f(x·W + b) with W [D, W] applied from the right: HSTU's projection to U, V, Q and K, where there is no b.</summary>
/// <typeparam name="TActivation">f.</typeparam>
public sealed class Projection<TActivation> : SingleOutputFunction
    where TActivation : struct, IPointwiseFunction
{
    private readonly Variable _x;
    private readonly Variable _weight;
    private readonly Variable? _bias;
    private Tensor? _preActivation;

    private Projection(Variable x, Variable weight, Variable? bias) => (_x, _weight, _bias) = (x, weight, bias);

    public override string Name => "projection";

    /// <param name="x">[T, D].</param>
    /// <param name="weight">[D, W].</param>
    /// <param name="bias">[W], or none.</param>
    public static Variable Apply(Tape tape, Variable x, Variable weight, Variable? bias = null)
    {
        var function = new Projection<TActivation>(x, weight, bias);
        var shape = Shape.Matrix(x.Shape.Rows, weight.Shape.Columns);
        var y = tape.Device.Allocate(shape);
        if (tape.RequiresGradient(function, x, weight, bias) && typeof(TActivation) != typeof(Identity))
        {
            function._preActivation = function.Save(tape.Device.Allocate(shape));
        }

        tape.Device.Products.Multiply<TActivation>(
            x.Value, false, weight.Value, false, y, new ProductEpilogue { Bias = bias?.Value, PreActivation = function._preActivation });
        return tape.Record(function, y, x, weight, bias);
    }

    protected override void Backward(Tensor dOutput)
    {
        if (_bias is null)
        {
            Device.Products.ProjectionBackward<TActivation>(_x.Value, _weight.Value, _preActivation, dOutput, TargetOrNone(_x), TargetOrNone(_weight));
            return;
        }

        if (_preActivation is not null)
        {
            Device.Pointwise.Backward<TActivation>(_preActivation, dOutput, new GradientTarget(dOutput, Accumulate: false));
        }

        Device.Reduction.SumRows(dOutput, Target(_bias));
        Device.Products.ProjectionBackward<Identity>(_x.Value, _weight.Value, null, dOutput, TargetOrNone(_x), TargetOrNone(_weight));
    }
}
