using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>y = f(a)·b.</summary>
public sealed class GateCase<TFunction>(int rows, int columns, Func<double, double> function, bool sliced = false)
    : OperationCase("gate", $"{typeof(TFunction).Name}, [{rows}, {columns}]{(sliced ? ", sliced" : "")}")
    where TFunction : struct, IPointwiseFunction
{
    public override Cost Forward => Cost.Of(4.0 * rows * columns, 3.0 * rows * columns);

    public override Cost Backward => Cost.Of(8.0 * rows * columns, 5.0 * rows * columns);

    public override Variable Run(Tape tape, Named<Variable> inputs)
    {
        if (!sliced)
        {
            return Gate<TFunction>.Apply(tape, inputs["a"], inputs["b"]);
        }

        var slices = SplitColumns.Apply(tape, inputs["ab"], columns, columns);
        return Gate<TFunction>.Apply(tape, slices[0], slices[1]);
    }

    public override double[] Reference(Named<double[]> inputs)
    {
        var a = sliced ? Rows.Columns(inputs["ab"], rows, 2 * columns, 0, columns) : inputs["a"];
        var b = sliced ? Rows.Columns(inputs["ab"], rows, 2 * columns, columns, columns) : inputs["b"];
        return [.. a.Zip(b, (gate, value) => function(gate) * value)];
    }

    protected override IReadOnlyList<CaseInput> CreateInputs() => sliced
        ? [CaseInput.Normal("ab", Shape.Matrix(rows, 2 * columns))]
        : [CaseInput.Normal("a", Shape.Matrix(rows, columns)), CaseInput.Normal("b", Shape.Matrix(rows, columns))];
}
