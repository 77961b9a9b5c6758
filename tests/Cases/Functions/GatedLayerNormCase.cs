using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>y = dropout(gate·LayerNorm(x)), or dropout([gate, a, gate·a]) with a = LayerNorm(x).</summary>
public sealed class GatedLayerNormCase(int rows, int columns, bool concatenate, float rate)
    : OperationCase("gated layer norm", $"[{rows}, {columns}]{(concatenate ? ", concatenated" : "")}{(rate > 0 ? $", dropout {rate}" : "")}")
{
    private const float Epsilon = 1e-6f;
    private readonly DropoutSite _site = new(rate, 11, 5, 77);

    private int OutputColumns => concatenate ? 3 * columns : columns;

    public override Cost Forward => Cost.Of(((9.0 * columns) + OutputColumns) * rows, (double)rows * ((2 * columns) + OutputColumns));

    public override Cost Backward => Cost.Of(((17.0 * columns) + OutputColumns) * rows, (double)rows * ((4 * columns) + OutputColumns));

    public static IEnumerable<OperationCase> All =>
        from shape in new[] { (0, 5), (1, 1), (3, 7), (17, 50), (5, 65), (300, 20) }
        from concatenate in new[] { false, true }
        from rate in new[] { 0f, 0.25f }
        select new GatedLayerNormCase(shape.Item1, shape.Item2, concatenate, rate);

    public override Variable Run(Tape tape, Named<Variable> inputs) =>
        GatedLayerNorm.Apply(tape, inputs["gate"], inputs["x"], Epsilon, concatenate, _site);

    public override double[] Reference(Named<double[]> inputs)
    {
        var y = new double[rows * OutputColumns];
        for (var t = 0; t < rows; t++)
        {
            var gate = Rows.Of(inputs["gate"], t, columns);
            var a = Rows.LayerNorm(Rows.Of(inputs["x"], t, columns), Epsilon);
            for (var d = 0; d < OutputColumns; d++)
            {
                var value = !concatenate || d >= 2 * columns ? gate[d % columns] * a[d % columns]
                    : d < columns ? gate[d]
                    : a[d - columns];
                y[(t * OutputColumns) + d] = value * DropoutMask.Factor(_site, t, d, OutputColumns);
            }
        }

        return y;
    }

    protected override IReadOnlyList<CaseInput> CreateInputs() =>
        [CaseInput.Normal("gate", Shape.Matrix(rows, columns)), CaseInput.Normal("x", Shape.Matrix(rows, columns))];
}
