using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>y = x·Wᵀ + b + residual, with W [output, input] as PyTorch's Linear keeps it; bias and residual may be missing.</summary>
public sealed class Linear : SingleOutputFunction
{
    private readonly Variable _x;
    private readonly Variable _weight;
    private readonly Variable? _bias;
    private readonly Variable? _residual;

    private Linear(Variable x, Variable weight, Variable? bias, Variable? residual) => (_x, _weight, _bias, _residual) = (x, weight, bias, residual);

    public override string Name => "linear";

    /// <param name="x">[T, I].</param>
    /// <param name="weight">[O, I].</param>
    /// <param name="bias">[O].</param>
    /// <param name="residual">[T, O].</param>
    public static Variable Apply(Tape tape, Variable x, Variable weight, Variable? bias = null, Variable? residual = null)
    {
        var y = tape.Device.Allocate(Shape.Matrix(x.Shape.Rows, weight.Shape.Rows));
        tape.Device.Products.Multiply<Identity>(
            x.Value, false, weight.Value, true, y, new ProductEpilogue { Bias = bias?.Value, Residual = residual?.Value });
        return tape.Record(new Linear(x, weight, bias, residual), y, x, weight, bias, residual);
    }

    protected override void Backward(Tensor dOutput)
    {
        if (Target(_weight) is { Tensor: { } dWeight } weightTarget)
        {
            Device.Products.Multiply(dOutput, true, _x.Value, false, dWeight, weightTarget.Accumulate);
        }

        Device.Reduction.SumRows(dOutput, TargetOrNone(_bias));
        if (Target(_x) is { Tensor: { } dx } xTarget)
        {
            Device.Products.Multiply(dOutput, false, _weight.Value, false, dx, xTarget.Accumulate);
        }

        if (_residual is not null)
        {
            Give(_residual, dOutput);
        }
    }
}
