using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>y = SiLU(x·Wᵀ + b) [+ residual], or SiLU by itself.</summary>
public sealed class ActivationCase(int rows, int depth, int columns, bool hasResidual)
    : OperationCase("linear with SiLU", $"[{rows}, {depth}] by [{columns}, {depth}]{(hasResidual ? ", residual" : "")}")
{
    public override Cost Forward => Cost.Of(2.0 * rows * depth * columns, (rows * depth) + (2.0 * rows * columns));

    public override Cost Backward => Cost.Of(4.0 * rows * depth * columns, (2.0 * rows * depth) + (2.0 * rows * columns));

    public static IEnumerable<OperationCase> All =>
        [new ActivationCase(0, 3, 2, true), new ActivationCase(1, 1, 1, false), new ActivationCase(19, 7, 5, true), new ActivationCase(19, 7, 5, false)];

    public override Variable Run(Tape tape, Named<Variable> inputs) => Activate<Silu>.Apply(
        tape, Linear<Silu>.Apply(tape, inputs["x"], inputs["weight"], inputs["bias"], inputs.Find("residual")));

    public override double[] Reference(Named<double[]> inputs)
    {
        var y = new double[rows * columns];
        for (var i = 0; i < y.Length; i++)
        {
            var (t, o) = (i / columns, i % columns);
            var sum = inputs["bias"][o] + Rows.Dot(Rows.Of(inputs["x"], t, depth), Rows.Of(inputs["weight"], o, depth));
            y[i] = Rows.Silu(Rows.Silu(sum) + (hasResidual ? inputs["residual"][i] : 0));
        }

        return y;
    }

    protected override IReadOnlyList<CaseInput> CreateInputs()
    {
        List<CaseInput> inputs =
        [
            CaseInput.Normal("x", Shape.Matrix(rows, depth)), CaseInput.Normal("weight", Shape.Matrix(columns, depth), 1 / Math.Sqrt(depth)),
            CaseInput.Normal("bias", Shape.Vector(columns)),
        ];
        if (hasResidual)
        {
            inputs.Add(CaseInput.Normal("residual", Shape.Matrix(rows, columns)));
        }

        return inputs;
    }
}
