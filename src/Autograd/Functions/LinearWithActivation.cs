using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>y = f(x·Wᵀ + b) + residual, with W [output, input] as PyTorch's Linear keeps it; bias and residual may be missing.</summary>
/// <typeparam name="TActivation">f.</typeparam>
public sealed class Linear<TActivation> : SingleOutputFunction
    where TActivation : struct, IPointwiseFunction
{
    private readonly Variable _x;
    private readonly Variable _weight;
    private readonly Variable? _bias;
    private readonly Variable? _residual;
    private Tensor? _preActivation;

    private Linear(Variable x, Variable weight, Variable? bias, Variable? residual) => (_x, _weight, _bias, _residual) = (x, weight, bias, residual);

    public override string Name => "linear";

    /// <param name="x">[T, I].</param>
    /// <param name="weight">[O, I].</param>
    /// <param name="bias">[O].</param>
    /// <param name="residual">[T, O].</param>
    public static Variable Apply(Tape tape, Variable x, Variable weight, Variable? bias = null, Variable? residual = null)
    {
        var function = new Linear<TActivation>(x, weight, bias, residual);
        var shape = Shape.Matrix(x.Shape.Rows, weight.Shape.Rows);
        var y = tape.Device.Allocate(shape);
        if (typeof(TActivation) != typeof(Identity) && tape.RequiresGradient(function, x, weight, bias, residual))
        {
            function._preActivation = function.Save(tape.Device.Allocate(shape));
        }

        var epilogue = new ProductEpilogue { Bias = bias?.Value, PreActivation = function._preActivation, Residual = residual?.Value };
        tape.Device.Products.Multiply<TActivation>(x.Value, false, weight.Value, true, y, epilogue);
        return tape.Record(function, y, x, weight, bias, residual);
    }

    protected override void Backward(Tensor dOutput)
    {
        // Before the activation's factor goes into it: a copy, where the residual needs the gradient as it is.
        var dSum = dOutput;
        if (_preActivation is not null)
        {
            dSum = _residual is null ? dOutput : Save(Device.Allocate(dOutput.Shape));
            Device.Pointwise.Backward<TActivation>(_preActivation, dOutput, new GradientTarget(dSum, Accumulate: false));
        }

        if (Target(_weight) is { Tensor: { } dWeight } weightTarget)
        {
            Device.Products.Multiply(dSum, true, _x.Value, false, dWeight, weightTarget.Accumulate);
        }

        Device.Reduction.SumRows(dSum, TargetOrNone(_bias));
        if (Target(_x) is { Tensor: { } dx } xTarget)
        {
            Device.Products.Multiply(dSum, false, _weight.Value, false, dx, xTarget.Accumulate);
        }

        if (_residual is not null)
        {
            Give(_residual, dOutput);
        }
    }
}
