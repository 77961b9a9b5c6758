using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>y = n·weight + bias, each group of columns normalised by itself.</summary>
public sealed class NormalizeCase(NormKind kind, int rows, int columns, int groups, int weights, bool hasBias)
    : OperationCase(
        "normalise",
        $"{kind}, [{rows}, {columns}]{(groups == 1 ? "" : $" in {groups}")}{(weights == 0 ? "" : $", weight {weights}")}{(hasBias ? ", bias" : "")}")
{
    private const float Epsilon = 1e-5f;

    public override Cost Forward => Cost.Of(7.0 * rows * columns, 2.0 * rows * columns);

    public override Cost Backward => Cost.Of(14.0 * rows * columns, 3.0 * rows * columns);

    public static IEnumerable<OperationCase> All =>
        from kind in new[] { NormKind.Layer, NormKind.Rms }
        from shape in new[] { (0, 5, 1, 5), (1, 1, 1, 1), (3, 7, 1, 0), (17, 50, 1, 50), (600, 5, 1, 5), (5, 66, 3, 3), (9, 12, 2, 12) }
        from bias in new[] { false, true }
        where shape.Item4 > 0 || !bias
        select new NormalizeCase(kind, shape.Item1, shape.Item2, shape.Item3, shape.Item4, bias);

    public override Variable Run(Tape tape, Named<Variable> inputs) =>
        Normalize.Apply(tape, kind, inputs["x"], Epsilon, groups, inputs.Find("weight"), inputs.Find("bias"));

    public override double[] Reference(Named<double[]> inputs)
    {
        var width = columns / groups;
        var y = new double[rows * columns];
        for (var start = 0; start < y.Length; start += width)
        {
            var row = inputs["x"].AsSpan(start, width);
            var normalized = kind == NormKind.Layer ? Rows.LayerNorm(row, Epsilon) : Rows.RmsNorm(row, Epsilon);
            for (var d = 0; d < width; d++)
            {
                var column = (start % columns) + d;
                var place = weights == groups ? column / width : column;
                y[start + d] = (normalized[d] * (weights == 0 ? 1 : inputs["weight"][place])) + (hasBias ? inputs["bias"][place] : 0);
            }
        }

        return y;
    }

    protected override IReadOnlyList<CaseInput> CreateInputs()
    {
        List<CaseInput> inputs = [CaseInput.Normal("x", Shape.Matrix(rows, columns))];
        if (weights > 0)
        {
            inputs.Add(CaseInput.Normal("weight", Shape.Vector(weights), 0.3, mean: 1));
        }

        if (hasBias)
        {
            inputs.Add(CaseInput.Normal("bias", Shape.Vector(weights)));
        }

        return inputs;
    }
}
