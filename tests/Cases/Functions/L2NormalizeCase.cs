using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>y = x/max(‖x‖, ε).</summary>
/// <param name="epsilon">ε; a large one puts rows below it.</param>
public sealed class L2NormalizeCase(int rows, int columns, float epsilon = 1e-6f)
    : OperationCase("l2 normalise", $"[{rows}, {columns}]{(epsilon < 1e-5f ? "" : $" epsilon {epsilon}")}")
{
    public override Cost Forward => Cost.Of(3.0 * rows * columns, 2.0 * rows * columns);

    public override Cost Backward => Cost.Of(7.0 * rows * columns, 3.0 * rows * columns);

    public static IEnumerable<OperationCase> All =>
    [
        new L2NormalizeCase(0, 50), new L2NormalizeCase(1, 1), new L2NormalizeCase(3, 7), new L2NormalizeCase(33, 50), new L2NormalizeCase(7, 65),
        new L2NormalizeCase(2, 257), new L2NormalizeCase(400, 50), new L2NormalizeCase(20, 9, 3), new L2NormalizeCase(6, 4, 100),
    ];

    public override Variable Run(Tape tape, Named<Variable> inputs) => L2Normalize.Apply(tape, inputs["x"], epsilon);

    public override double[] Reference(Named<double[]> inputs)
    {
        var y = new double[rows * columns];
        for (var t = 0; t < rows; t++)
        {
            var row = Rows.Of(inputs["x"], t, columns);
            var norm = Math.Sqrt(Rows.Dot(row, row));
            for (var d = 0; d < columns; d++)
            {
                y[(t * columns) + d] = row[d] / Math.Max(norm, epsilon);
            }
        }

        return y;
    }

    /// <summary>With a large ε the first row is 0.</summary>
    protected override IReadOnlyList<CaseInput> CreateInputs()
    {
        var x = CaseInput.Normal("x", Shape.Matrix(rows, columns));
        if (epsilon > 1)
        {
            x.Values.AsSpan(0, columns).Clear();
        }

        return [x];
    }
}
