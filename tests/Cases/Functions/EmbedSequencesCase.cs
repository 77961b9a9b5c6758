using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>x_t = dropout(table[id_t]·√D + positions[place of t]), 0 where id_t is 0.</summary>
/// <param name="items">V; few, so that ids repeat.</param>
public sealed class EmbedSequencesCase(CaseSequences sequences, int items, int width, bool positions, float rate, bool padding = true)
    : OperationCase("embed sequences", $"{sequences} of {items} items, width {width}{(positions ? ", positions" : "")}{(rate > 0 ? $", dropout {rate}" : "")}")
{
    private readonly DropoutSite _site = new(rate, 12, 6, 78);

    private readonly int[] _ids =
        [.. CaseNumbers.Integers($"ids {sequences} {items}", sequences.Offsets[^1], padding ? 0 : 1, items), .. new int[sequences.Trailing]];

    private double Values => (double)sequences.Tokens * width;

    public override Cost Forward => Cost.Of((2 + (rate > 0 ? 1 : 0)) * Values, (positions ? 3 : 2) * Values);

    public override Cost Backward => Cost.Of((2 + (rate > 0 ? 1 : 0)) * Values, Values + ((double)items * width));

    public static IEnumerable<OperationCase> All =>
    [
        new EmbedSequencesCase(new([]), 3, 5, true, 0), new EmbedSequencesCase(new(0, 0), 3, 5, true, 0.5f), new EmbedSequencesCase(new(1), 2, 1, true, 0),
        new EmbedSequencesCase(new(5, 0, 1, 9), 4, 7, true, 0), new EmbedSequencesCase(new(5, 0, 1, 9), 4, 7, false, 0.25f),
        new EmbedSequencesCase(new(33, 0, 70), 30, 50, true, 0.25f), new EmbedSequencesCase(new(17, 3), 300, 65, true, 0),
        new EmbedSequencesCase(new(200, 0, 200, 130), 12, 17, true, 0.1f), new EmbedSequencesCase(new(33, 0, 70) { Trailing = 25 }, 30, 50, true, 0.25f),
        new EmbedSequencesCase(new(0) { Trailing = 3 }, 4, 5, true, 0),
    ];

    public override Variable Run(Tape tape, Named<Variable> inputs) => EmbedSequences.Apply(
        tape, inputs["table"], inputs.Find("positions"), tape.Device.Upload(_ids), sequences.ToLayout(withTimes: false), MathF.Sqrt(width), _site);

    public override double[] Reference(Named<double[]> inputs)
    {
        var x = new double[sequences.Tokens * width];
        for (var b = 0; b < sequences.Lengths.Count; b++)
        {
            for (var t = sequences.Offsets[b]; t < sequences.Offsets[b + 1]; t++)
            {
                for (var d = 0; d < width && _ids[t] != 0; d++)
                {
                    var value = inputs["table"][(_ids[t] * width) + d] * Math.Sqrt(width);
                    value += positions ? inputs["positions"][((t - sequences.Offsets[b]) * width) + d] : 0;
                    x[(t * width) + d] = value * DropoutMask.Factor(_site, t, d, width);
                }
            }
        }

        return x;
    }

    protected override IReadOnlyList<CaseInput> CreateInputs()
    {
        var table = CaseInput.Normal("table", Shape.Matrix(items, width));
        return positions ? [table, CaseInput.Normal("positions", Shape.Matrix(sequences.Longest + 2, width))] : [table];
    }
}
