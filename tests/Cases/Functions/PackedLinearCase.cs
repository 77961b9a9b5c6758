using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>y = [a·W₁ᵀ + b₁, x·W₂ᵀ + b₂] with W packed.</summary>
public sealed class PackedLinearCase(int rows, int depth, int first, int rest)
    : OperationCase("packed linear", $"[{rows}, {depth}] by [{first} + {rest}, {depth}]")
{
    public override Cost Forward => Cost.Of(2.0 * rows * depth * (first + rest), (2.0 * rows * depth) + (rows * (first + rest)));

    public override Cost Backward => Cost.Of(4.0 * rows * depth * (first + rest), (4.0 * rows * depth) + (rows * (first + rest)));

    public static IEnumerable<OperationCase> All => [new PackedLinearCase(0, 3, 2, 4), new PackedLinearCase(1, 1, 1, 1), new PackedLinearCase(19, 7, 5, 10)];

    public override Variable Run(Tape tape, Named<Variable> inputs) => PackedLinear.Apply(tape, inputs["a"], inputs["x"], inputs["weight"],
        inputs["bias"], first);

    public override double[] Reference(Named<double[]> inputs)
    {
        var width = first + rest;
        var y = new double[rows * width];
        for (var t = 0; t < rows; t++)
        {
            for (var o = 0; o < width; o++)
            {
                y[(t * width) + o] = inputs["bias"][o] + Rows.Dot(Rows.Of(inputs[o < first ? "a" : "x"], t, depth), Rows.Of(inputs["weight"], o, depth));
            }
        }

        return y;
    }

    protected override IReadOnlyList<CaseInput> CreateInputs() =>
    [
        CaseInput.Normal("a", Shape.Matrix(rows, depth)), CaseInput.Normal("x", Shape.Matrix(rows, depth)),
        CaseInput.Normal("weight", Shape.Matrix(first + rest, depth)), CaseInput.Normal("bias", Shape.Vector(first + rest)),
    ];
}
