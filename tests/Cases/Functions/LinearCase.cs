using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>y = x·Wᵀ [+ b] [+ residual].</summary>
public sealed class LinearCase(int rows, int depth, int columns, bool hasBias, bool hasResidual)
    : OperationCase("linear", $"[{rows}, {depth}] by [{columns}, {depth}]{(hasBias ? ", bias" : "")}{(hasResidual ? ", residual" : "")}")
{
    private double Outputs => (double)rows * columns;

    public override Cost Forward => Cost.Of(
        2.0 * Outputs * depth, ((double)rows * depth) + ((double)depth * columns) + (Outputs * (hasResidual ? 2 : 1)));

    public override Cost Backward => Cost.Of(4.0 * Outputs * depth, (2.0 * rows * depth) + (2.0 * depth * columns) + Outputs);

    public static IEnumerable<OperationCase> All =>
    [
        new LinearCase(0, 5, 7, true, true), new LinearCase(1, 1, 1, true, true), new LinearCase(3, 7, 5, false, false),
        new LinearCase(17, 33, 65, true, false), new LinearCase(33, 50, 20, false, true), new LinearCase(129, 4, 3, true, true),
    ];

    public override Variable Run(Tape tape, Named<Variable> inputs) =>
        Linear.Apply(tape, inputs["x"], inputs["weight"], inputs.Find("bias"), inputs.Find("residual"));

    public override double[] Reference(Named<double[]> inputs)
    {
        var y = new double[rows * columns];
        for (var t = 0; t < rows; t++)
        {
            for (var o = 0; o < columns; o++)
            {
                y[(t * columns) + o] = Rows.Dot(Rows.Of(inputs["x"], t, depth), Rows.Of(inputs["weight"], o, depth))
                    + (hasBias ? inputs["bias"][o] : 0)
                    + (hasResidual ? inputs["residual"][(t * columns) + o] : 0);
            }
        }

        return y;
    }

    protected override IReadOnlyList<CaseInput> CreateInputs()
    {
        List<CaseInput> inputs =
            [CaseInput.Normal("x", Shape.Matrix(rows, depth)), CaseInput.Normal("weight", Shape.Matrix(columns, depth), 1 / Math.Sqrt(depth))];
        if (hasBias)
        {
            inputs.Add(CaseInput.Normal("bias", Shape.Vector(columns)));
        }

        if (hasResidual)
        {
            inputs.Add(CaseInput.Normal("residual", Shape.Matrix(rows, columns)));
        }

        return inputs;
    }
}
