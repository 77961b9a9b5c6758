using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>y = (x − mean)/sqrt(variance + ε).</summary>
/// <param name="mean">Of the values; with a small deviation a row is nearly constant, and ε counts.</param>
public sealed class LayerNormCase(int rows, int columns, double deviation = 1, double mean = 0)
    : OperationCase("layer norm", $"[{rows}, {columns}]{(mean == 0 ? "" : $" around {mean}")}")
{
    private const float Epsilon = 1e-6f;

    public override Cost Forward => Cost.Of(7.0 * rows * columns, 2.0 * rows * columns);

    public override Cost Backward => Cost.Of(13.0 * rows * columns, 3.0 * rows * columns);

    /// <summary>Two columns are left out: their gradient is 0 but for ε, and rounding is all that is seen.</summary>
    public static IEnumerable<OperationCase> All =>
    [
        new LayerNormCase(0, 50), new LayerNormCase(1, 1), new LayerNormCase(1, 3), new LayerNormCase(3, 7), new LayerNormCase(5, 16),
        new LayerNormCase(33, 50), new LayerNormCase(7, 65), new LayerNormCase(2, 257), new LayerNormCase(400, 50), new LayerNormCase(3, 20, 1e-3, 1),
    ];

    public override Variable Run(Tape tape, Named<Variable> inputs) => LayerNorm.Apply(tape, inputs["x"], Epsilon);

    public override double[] Reference(Named<double[]> inputs)
    {
        var y = new List<double>(rows * columns);
        for (var t = 0; t < rows; t++)
        {
            y.AddRange(Rows.LayerNorm(Rows.Of(inputs["x"], t, columns), Epsilon));
        }

        return [.. y];
    }

    protected override IReadOnlyList<CaseInput> CreateInputs() =>
        [CaseInput.Normal("x", Shape.Matrix(rows, columns), deviation, mean) with { DifferenceStep = 1e-5 * deviation }];
}
