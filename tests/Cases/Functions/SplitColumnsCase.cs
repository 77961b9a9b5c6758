using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>
/// [a, b, c] = x·E cut into columns; y = a·Aᵀ + c·Cᵀ + c·Cᵀ [+ (x·E)·P]: a slice used once, one never, one twice, and the whole used beside its slices.
/// </summary>
/// <param name="whole">Where the whole is used: nowhere, before it is cut or after; its gradient is made in another order each time.</param>
/// <param name="ofLeaf">E is left out, and the leaf x itself is cut.</param>
public sealed class SplitColumnsCase(int rows, SplitColumnsCase.WholeUse whole, bool ofLeaf)
    : OperationCase("split columns", $"[{rows}, {Width}]{(ofLeaf ? " of a leaf" : "")}, whole used {whole}".ToLowerInvariant())
{
    private const int First = 3;
    private const int Unused = 4;
    private const int Last = 17;
    private const int Width = First + Unused + Last;
    private const int Depth = 6;
    private const int Columns = 5;

    /// <summary>When the matrix that is cut has another use.</summary>
    public enum WholeUse
    {
        Never,
        Before,
        After,
    }

    public override Cost Forward => Cost.Of(0, 0);

    public override Cost Backward => Cost.Of(0, (double)rows * Unused);

    public static IEnumerable<OperationCase> All =>
        from whole in Enum.GetValues<WholeUse>()
        from ofLeaf in new[] { false, true }
        from rows in new[] { 0, 1, 19 }
        select new SplitColumnsCase(rows, whole, ofLeaf);

    public override Variable Run(Tape tape, Named<Variable> inputs)
    {
        var x = inputs["x"];
        if (!ofLeaf)
        {
            x = Projection<Identity>.Apply(tape, x, inputs["e"]);
        }

        var before = whole == WholeUse.Before ? Projection<Identity>.Apply(tape, x, inputs["p"]) : null;
        var slices = SplitColumns.Apply(tape, x, First, Unused, Last);
        var after = whole == WholeUse.After ? Projection<Identity>.Apply(tape, x, inputs["p"]) : null;
        var once = Linear.Apply(tape, slices[2], inputs["c"], residual: before ?? after);
        var twice = Linear.Apply(tape, slices[2], inputs["c"], residual: once);
        return Linear.Apply(tape, slices[0], inputs["a"], residual: twice);
    }

    public override double[] Reference(Named<double[]> inputs)
    {
        var x = ofLeaf ? inputs["x"] : Rows.Product(inputs["x"], inputs["e"], rows, Depth, Width);
        var y = new double[rows * Columns];
        for (var t = 0; t < rows; t++)
        {
            var row = Rows.Of(x, t, Width);
            for (var o = 0; o < Columns; o++)
            {
                y[(t * Columns) + o] = Rows.Dot(row[..First], Rows.Of(inputs["a"], o, First))
                    + (2 * Rows.Dot(row[(First + Unused)..], Rows.Of(inputs["c"], o, Last)));
            }
        }

        return whole == WholeUse.Never ? y : Rows.Sum(y, Rows.Product(x, inputs["p"], rows, Width, Columns));
    }

    protected override IReadOnlyList<CaseInput> CreateInputs()
    {
        List<CaseInput> inputs =
        [
            CaseInput.Normal("x", Shape.Matrix(rows, ofLeaf ? Width : Depth)),
            CaseInput.Normal("a", Shape.Matrix(Columns, First)),
            CaseInput.Normal("c", Shape.Matrix(Columns, Last)),
        ];
        if (!ofLeaf)
        {
            inputs.Add(CaseInput.Normal("e", Shape.Matrix(Depth, Width)));
        }

        if (whole != WholeUse.Never)
        {
            inputs.Add(CaseInput.Normal("p", Shape.Matrix(Width, Columns)));
        }

        return inputs;
    }
}
