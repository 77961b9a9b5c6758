using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>Each head's pairs of columns turned by place·θ^(−2c/d).</summary>
public sealed class RotateCase(CaseSequences sequences, int heads, int width) : OperationCase("rotate", $"{sequences}, heads {heads}, width {width}")
{
    private const float Theta = 10_000;

    public override Cost Forward => Cost.Of(3.0 * Columns * sequences.Tokens, 2.0 * Columns * sequences.Tokens);

    public override Cost Backward => Forward;

    public static IEnumerable<OperationCase> All =>
    [
        new RotateCase(new([]), 1, 4), new RotateCase(new(1), 1, 2), new RotateCase(new(5, 0, 1, 9), 3, 6), new RotateCase(new(0, 300), 1, 50),
        new RotateCase(new(2, 0) { Trailing = 5 }, 2, 8),
    ];

    private int Columns => heads * width;

    public override Variable Run(Tape tape, Named<Variable> inputs) => Rotate.Apply(tape, inputs["x"], sequences.ToLayout(false), heads, Theta);

    public override double[] Reference(Named<double[]> inputs)
    {
        var x = inputs["x"];
        var y = new double[x.Length];
        for (var t = 0; t < sequences.Tokens; t++)
        {
            var first = sequences.Offsets.Last(o => o <= t);
            for (var c = 0; c < Columns; c += 2)
            {
                var (sine, cosine) = Math.SinCos((t - first) * Math.Pow(Theta, -(c % width) / (double)width));
                var (a, b) = (x[(t * Columns) + c], x[(t * Columns) + c + 1]);
                y[(t * Columns) + c] = (a * cosine) - (b * sine);
                y[(t * Columns) + c + 1] = (a * sine) + (b * cosine);
            }
        }

        return y;
    }

    protected override IReadOnlyList<CaseInput> CreateInputs() => [CaseInput.Normal("x", Shape.Matrix(sequences.Tokens, Columns))];
}
