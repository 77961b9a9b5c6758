using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>y = f(x·W).</summary>
/// <typeparam name="TActivation">f.</typeparam>
/// <param name="activation">f in float64.</param>
public sealed class ProjectionCase<TActivation>(int rows, int depth, int columns, Func<double, double> activation)
    : OperationCase("projection", $"{typeof(TActivation).Name} [{rows}, {depth}] by [{depth}, {columns}]")
    where TActivation : struct, IPointwiseFunction
{
    public override Cost Forward => Cost.Of(2.0 * rows * depth * columns, ((double)rows * depth) + ((double)depth * columns) + ((double)rows * columns));

    public override Cost Backward => Cost.Of(
        4.0 * rows * depth * columns, (2.0 * rows * depth) + (2.0 * depth * columns) + ((double)rows * columns));

    public override Variable Run(Tape tape, Named<Variable> inputs) => Projection<TActivation>.Apply(tape, inputs["x"], inputs["weight"]);

    public override double[] Reference(Named<double[]> inputs) =>
        [.. Rows.Product(inputs["x"], inputs["weight"], rows, depth, columns).Select(activation)];

    protected override IReadOnlyList<CaseInput> CreateInputs() =>
    [
        CaseInput.Normal("x", Shape.Matrix(rows, depth)),
        CaseInput.Normal("weight", Shape.Matrix(depth, columns), 1.5 / Math.Sqrt(Math.Max(1, depth))),
    ];
}
