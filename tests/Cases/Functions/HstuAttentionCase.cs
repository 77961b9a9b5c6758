using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>
/// o_hi = Σ_{j ≤ i} SiLU(⟨q_hi, k_hj⟩ + position[N − 1 + j − i] + time[bucket(next_i − event_j)])/N·v_hj, queries, keys and values being slices of one matrix
/// [V, Q, K] as in the layer, or matrices of their own.
/// </summary>
public sealed class HstuAttentionCase(CaseSequences sequences, int heads, int dqk, int dv, bool position, bool time, bool sliced = true)
    : OperationCase(
        "hstu attention",
        $"{sequences}, heads {heads}, dqk {dqk}, dv {dv}{(position ? ", position" : "")}{(time ? ", time" : "")}{(sliced ? "" : ", unsliced")}")
{
    private readonly int _normalizer = sequences.Longest + 11;

    private int QueryWidth => heads * dqk;

    private int ValueWidth => heads * dv;

    private int Width => ValueWidth + (2 * QueryWidth);

    /// <summary>Two products of a pair, and SiLU: an exponential, a sum, a quotient and the division by N; the biases' sums.</summary>
    public override Cost Forward => Cost.Of(
        heads * sequences.CausalPairs * ((2.0 * (dqk + dv)) + 4 + (position ? 1 : 0) + (time ? 1 : 0)),
        (double)sequences.Tokens * (Width + ValueWidth));

    /// <summary>Five products of a pair (scores again, dA, dV, dQ, dK), and SiLU with its derivative.</summary>
    public override Cost Backward => Cost.Of(
        heads * sequences.CausalPairs * ((6.0 * dqk) + (4.0 * dv) + 10 + (position ? 2 : 0) + (time ? 2 : 0)),
        (double)sequences.Tokens * ((2 * Width) + ValueWidth));

    public static IEnumerable<OperationCase> All =>
    [
        new HstuAttentionCase(new([]), 1, 4, 4, true, true),
        new HstuAttentionCase(new(0, 0), 1, 4, 4, true, true),
        new HstuAttentionCase(new(1), 1, 1, 1, true, true),
        new HstuAttentionCase(new(2), 2, 3, 5, false, false),
        new HstuAttentionCase(new(5, 0, 1, 9), 2, 5, 7, true, true),
        new HstuAttentionCase(new(5, 0, 1, 9), 2, 5, 7, true, true, sliced: false),
        new HstuAttentionCase(new(0, 17, 3, 0), 3, 8, 4, true, false),
        new HstuAttentionCase(new(0, 17, 3, 0), 1, 16, 16, false, true),
        new HstuAttentionCase(new(33, 32, 31), 1, 6, 10, false, false),
        new HstuAttentionCase(new(65, 0, 2), 2, 4, 3, true, true),
        new HstuAttentionCase(new(129), 1, 5, 4, true, true),
        new HstuAttentionCase(new(70), 1, 50, 50, true, true),
        new HstuAttentionCase(new(5, 0, 1, 9) { Trailing = 17 }, 2, 5, 7, true, true),
        new HstuAttentionCase(new(5, 0, 1, 9) { Trailing = 17 }, 2, 5, 7, true, true, sliced: false),
        new HstuAttentionCase(new(65, 2) { Trailing = 61 }, 1, 4, 3, true, false),
        new HstuAttentionCase(new(0, 0) { Trailing = 3 }, 1, 4, 4, true, true),
    ];

    public override Variable Run(Tape tape, Named<Variable> inputs)
    {
        Variable q, k, v;
        if (sliced)
        {
            var slices = SplitColumns.Apply(tape, inputs["vqk"], ValueWidth, QueryWidth, QueryWidth);
            (v, q, k) = (slices[0], slices[1], slices[2]);
        }
        else
        {
            (v, q, k) = (inputs["v"], inputs["q"], inputs["k"]);
        }

        return HstuAttention.Apply(tape, q, k, v, inputs.Find("position"), inputs.Find("time"), sequences.ToLayout(time), heads, _normalizer);
    }

    public override double[] Reference(Named<double[]> inputs)
    {
        var (v, q, k) = sliced ? Slices(inputs["vqk"]) : (inputs["v"], inputs["q"], inputs["k"]);
        var o = new double[sequences.Tokens * ValueWidth];
        for (var b = 0; b < sequences.Lengths.Count; b++)
        {
            var (begin, end) = (sequences.Offsets[b], sequences.Offsets[b + 1]);
            for (var h = 0; h < heads; h++)
            {
                for (var i = begin; i < end; i++)
                {
                    var output = o.AsSpan((i * ValueWidth) + (h * dv), dv);
                    for (var j = begin; j <= i; j++)
                    {
                        var score = Rows.Dot(q.AsSpan((i * QueryWidth) + (h * dqk), dqk), k.AsSpan((j * QueryWidth) + (h * dqk), dqk));
                        score += position ? inputs["position"][_normalizer - 1 + j - i] : 0;
                        score += time ? inputs["time"][Bucket(sequences.NextSeconds[i] - sequences.EventSeconds[j])] : 0;
                        for (var d = 0; d < dv; d++)
                        {
                            output[d] += Rows.Silu(score) / _normalizer * v[(j * ValueWidth) + (h * dv) + d];
                        }
                    }
                }
            }
        }

        return o;
    }

    protected override IReadOnlyList<CaseInput> CreateInputs()
    {
        List<CaseInput> inputs = sliced
            ? [CaseInput.Normal("vqk", Shape.Matrix(sequences.Tokens, Width))]
            :
            [
                CaseInput.Normal("v", Shape.Matrix(sequences.Tokens, ValueWidth)),
                CaseInput.Normal("q", Shape.Matrix(sequences.Tokens, QueryWidth)),
                CaseInput.Normal("k", Shape.Matrix(sequences.Tokens, QueryWidth)),
            ];
        if (position)
        {
            inputs.Add(CaseInput.Normal("position", Shape.Vector((2 * _normalizer) - 1)));
        }

        if (time)
        {
            inputs.Add(CaseInput.Normal("time", Shape.Vector(TimeBuckets.Count)));
        }

        return inputs;
    }

    /// <summary>The published formula, in float32 as there.</summary>
    private static int Bucket(long seconds) => Math.Min((int)(MathF.Log(Math.Max(Math.Abs(seconds), 1)) / 0.301f), TimeBuckets.Count - 1);

    private (double[] V, double[] Q, double[] K) Slices(double[] vqk) => (
        Rows.Columns(vqk, sequences.Tokens, Width, 0, ValueWidth),
        Rows.Columns(vqk, sequences.Tokens, Width, ValueWidth, QueryWidth),
        Rows.Columns(vqk, sequences.Tokens, Width, ValueWidth + QueryWidth, QueryWidth));
}
