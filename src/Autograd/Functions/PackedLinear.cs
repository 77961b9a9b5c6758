using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>
/// PyTorch's packed projection to queries, keys and values, with queries of another input than keys and values: y = [a·W₁ᵀ + b₁, x·W₂ᵀ + b₂] with the first
/// rows of W and b for a and the rest for x.
/// </summary>
public sealed class PackedLinear : SingleOutputFunction
{
    private readonly Variable _a;
    private readonly Variable _x;
    private readonly Variable _weight;
    private readonly Variable _bias;
    private readonly int _first;

    private PackedLinear(Variable a, Variable x, Variable weight, Variable bias, int first) => (_a, _x, _weight, _bias, _first) = (a, x, weight, bias, first);

    public override string Name => "packed linear";

    private int Rest => _weight.Shape.Rows - _first;

    /// <param name="a">[T, I].</param>
    /// <param name="x">[T, I].</param>
    /// <param name="weight">[O, I].</param>
    /// <param name="bias">[O].</param>
    /// <param name="first">Rows of the weight that are for a.</param>
    /// <returns>[T, O].</returns>
    public static Variable Apply(Tape tape, Variable a, Variable x, Variable weight, Variable bias, int first)
    {
        var function = new PackedLinear(a, x, weight, bias, first);
        var y = tape.Device.Allocate(Shape.Matrix(x.Shape.Rows, weight.Shape.Rows));
        function.Multiply(tape, a.Value, 0, first, y);
        function.Multiply(tape, x.Value, first, function.Rest, y);
        return tape.Record(function, y, a, x, weight, bias);
    }

    protected override void Backward(Tensor dOutput)
    {
        var weight = Target(_weight);
        Device.Reduction.SumRows(dOutput, Target(_bias));
        Backward(dOutput.SliceColumns(0, _first), _a, weight, 0, _first);
        Backward(dOutput.SliceColumns(_first, Rest), _x, weight, _first, Rest);
    }

    private void Multiply(Tape tape, Tensor input, int start, int count, Tensor y) => tape.Device.Products.Multiply<Identity>(
        input, false, _weight.Value.SliceRows(start, count), true, y.SliceColumns(start, count),
        new ProductEpilogue { Bias = _bias.Value.SliceColumns(start, count) });

    private void Backward(Tensor dPart, Variable input, GradientTarget weight, int start, int count)
    {
        if (weight.Tensor is { } dWeight)
        {
            Device.Products.Multiply(dPart, true, input.Value, false, dWeight.SliceRows(start, count), weight.Accumulate);
        }

        if (Target(input) is { Tensor: { } dInput } target)
        {
            Device.Products.Multiply(dPart, false, _weight.Value.SliceRows(start, count), false, dInput, target.Accumulate);
        }
    }
}
