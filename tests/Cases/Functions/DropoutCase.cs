using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>y = [residual +] x·keep/(1 − rate).</summary>
public sealed class DropoutCase(int rows, int columns, float rate, bool hasResidual, bool twice = false)
    : OperationCase("dropout", $"[{rows}, {columns}], rate {rate}{(hasResidual ? ", residual" : "")}{(twice ? ", x twice" : "")}")
{
    private readonly DropoutSite _site = new(rate, 11, 5, 77);

    public override Cost Forward => Cost.Of(2.0 * rows * columns, (hasResidual ? 3.0 : 2.0) * rows * columns);

    public override Cost Backward => Cost.Of(rows * columns, 2.0 * rows * columns);

    public static IEnumerable<OperationCase> All =>
    [
        new DropoutCase(0, 5, 0.25f, true), new DropoutCase(1, 1, 0.5f, false), new DropoutCase(3, 7, 0, true), new DropoutCase(17, 50, 0.25f, true),
        new DropoutCase(5, 65, 0.25f, false), new DropoutCase(5, 65, 0.25f, true, twice: true),
    ];

    public override Variable Run(Tape tape, Named<Variable> inputs) =>
        !hasResidual ? Dropout.Apply(tape, inputs["x"], _site)
        : Dropout.AddTo(tape, twice ? inputs["x"] : inputs["residual"], inputs["x"], _site);

    public override double[] Reference(Named<double[]> inputs)
    {
        var residual = twice ? inputs["x"] : inputs.Find("residual");
        return [.. inputs["x"].Select((x, i) => (x * DropoutMask.Factor(_site, i / columns, i % columns, columns)) + (hasResidual ? residual![i] : 0))];
    }

    protected override IReadOnlyList<CaseInput> CreateInputs() => hasResidual && !twice
        ? [CaseInput.Normal("x", Shape.Matrix(rows, columns)), CaseInput.Normal("residual", Shape.Matrix(rows, columns))]
        : [CaseInput.Normal("x", Shape.Matrix(rows, columns))];
}
