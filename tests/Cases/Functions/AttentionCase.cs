using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>
/// Attention of every weighting: S = scale·(⟨q, k⟩ + position + time) over j ≤ i, its weights through dropout, o = Σ A·v. Operands are matrices of their own.
/// </summary>
public sealed class AttentionCase(AttentionWeighting weighting, CaseSequences sequences, int heads, int dqk, int dv)
    : OperationCase("attention", $"{weighting}, {sequences}, heads {heads}, dqk {dqk}, dv {dv}")
{
    private int _keyHeads;

    public override string Variant =>
        $"{(KeyHeads == heads ? "" : $", {KeyHeads} of keys")}{(Position ? ", position" : "")}{(Time ? ", time" : "")}{(Power ? ", power of time" : "")}"
        + $"{(Scale == 1 ? "" : $", scale {Scale}")}{(Rate > 0 ? $", dropout {Rate}" : "")}";

    public int KeyHeads { get => _keyHeads == 0 ? heads : _keyHeads; init => _keyHeads = value; }

    public bool Position { get; init; }

    public bool Time { get; init; }

    /// <summary>A time bias by a function.</summary>
    public bool Power { get; init; }

    public float Scale { get; init; } = 1;

    public float Rate { get; init; }

    public override Cost Forward => Cost.Of(
        heads * sequences.CausalPairs * ((2.0 * (dqk + dv)) + 4 + (Position ? 1 : 0) + (Time ? 1 : 0)),
        (double)sequences.Tokens * ((heads * (dqk + dv)) + (KeyHeads * (dqk + dv))));

    public override Cost Backward => Cost.Of(
        heads * sequences.CausalPairs * ((6.0 * dqk) + (4.0 * dv) + 10 + (Position ? 2 : 0) + (Time ? 2 : 0)),
        (double)sequences.Tokens * ((heads * ((2.0 * dqk) + (2 * dv))) + (2 * KeyHeads * (dqk + dv))));

    public static IEnumerable<OperationCase> All
    {
        get
        {
            const AttentionWeighting Softmax = AttentionWeighting.Softmax;
            const AttentionWeighting Silu = AttentionWeighting.Silu;
            const AttentionWeighting Bias = AttentionWeighting.Bias;
            yield return new AttentionCase(Softmax, new([]), 1, 4, 4) { Position = true, Time = true };
            yield return new AttentionCase(Softmax, new(0, 0), 1, 4, 4);
            yield return new AttentionCase(Softmax, new(1), 1, 1, 1);
            yield return new AttentionCase(Softmax, new(2), 2, 3, 5) { Scale = 0.5f };
            yield return new AttentionCase(Softmax, new(5, 0, 1, 9), 2, 5, 7) { Position = true, Time = true, Scale = 0.4f };
            yield return new AttentionCase(Softmax, new(5, 0, 1, 9), 4, 3, 5) { KeyHeads = 2, Scale = 0.7f };
            yield return new AttentionCase(Softmax, new(5, 0, 1, 9), 2, 5, 7) { Rate = 0.25f, Position = true };
            yield return new AttentionCase(Softmax, new(0, 17, 3, 0), 3, 8, 4) { KeyHeads = 1, Time = true };
            yield return new AttentionCase(Softmax, new(65, 0, 2), 2, 4, 3) { Position = true, Time = true, Rate = 0.1f };
            yield return new AttentionCase(Softmax, new(70), 1, 50, 50) { Scale = 0.14f, Rate = 0.2f };
            yield return new AttentionCase(Softmax, new(140), 1, 5, 4) { Scale = 2 };
            yield return new AttentionCase(Softmax, new(5, 0, 1, 9) { Trailing = 17 }, 2, 5, 7) { Position = true, Time = true };
            const AttentionWeighting Leaky = AttentionWeighting.LeakySoftmax;
            yield return new AttentionCase(Leaky, new([]), 1, 4, 4) { Position = true, Time = true };
            yield return new AttentionCase(Leaky, new(1), 1, 1, 1);
            yield return new AttentionCase(Leaky, new(5, 0, 1, 9), 2, 5, 7) { Scale = 0.4f };
            yield return new AttentionCase(Leaky, new(5, 0, 1, 9) { Trailing = 3 }, 1, 17, 33) { Position = true, Time = true, Scale = 0.3f };
            yield return new AttentionCase(Leaky, new(66, 0, 2), 2, 3, 4) { Position = true, Time = true };
            yield return new AttentionCase(Silu, new(5, 0, 1, 9), 2, 5, 7) { Scale = 0.4f };
            yield return new AttentionCase(Silu, new(5, 0, 1, 9), 2, 5, 7) { Position = true, Time = true };
            yield return new AttentionCase(Silu, new(66, 3), 2, 5, 4) { Position = true, Time = true, Scale = 0.5f, Rate = 0.25f, KeyHeads = 1 };
            yield return new AttentionCase(Bias, new(5, 0, 1, 9), 2, 0, 7) { Position = true };
            yield return new AttentionCase(Bias, new(5, 0, 1, 9) { Trailing = 3 }, 1, 0, 7) { Time = true };
            yield return new AttentionCase(Bias, new(66, 1), 1, 0, 18) { Position = true, Time = true };
            yield return new AttentionCase(Bias, new([]), 1, 0, 4) { Power = true };
            yield return new AttentionCase(Bias, new(5, 0, 1, 9) { Trailing = 3 }, 1, 0, 7) { Power = true };
            yield return new AttentionCase(Bias, new(66, 1), 2, 0, 18) { Position = true, Power = true };
            yield return new AttentionCase(Softmax, new(5, 0, 70), 2, 5, 7) { Position = true, Power = true, Scale = 0.4f, Rate = 0.25f };
            yield return new AttentionCase(Silu, new(0, 17, 3, 0), 2, 4, 5) { Power = true };
        }
    }

    public override bool IsCpuOnly => weighting == AttentionWeighting.LeakySoftmax;

    private int Normalizer => sequences.Longest + 11;

    private DropoutSite Site => new(Rate, 11, 5, 77);

    private bool HasScores => weighting != AttentionWeighting.Bias;

    public override Variable Run(Tape tape, Named<Variable> inputs) => Attention.Apply(
        tape,
        inputs.Find("q"),
        inputs.Find("k"),
        inputs["v"],
        inputs.Find("position"),
        inputs.Find("time"),
        sequences.ToLayout(Time || Power),
        new AttentionSetting(heads, Normalizer) { KeyHeads = _keyHeads, Weighting = weighting, Scale = Scale, Dropout = Site },
        Power ? new TimePowerBias(inputs["factor"], inputs["exponent"]) : null);

    public override double[] Reference(Named<double[]> inputs)
    {
        var o = new double[sequences.Tokens * heads * dv];
        for (var b = 0; b < sequences.Lengths.Count; b++)
        {
            for (var i = sequences.Offsets[b]; i < sequences.Offsets[b + 1]; i++)
            {
                for (var h = 0; h < heads; h++)
                {
                    Row(inputs, b, i, h, o.AsSpan(((i * heads) + h) * dv, dv));
                }
            }
        }

        return o;
    }

    protected override IReadOnlyList<CaseInput> CreateInputs()
    {
        var tokens = sequences.Tokens;
        List<CaseInput> inputs = [CaseInput.Normal("v", Shape.Matrix(tokens, KeyHeads * dv))];
        if (HasScores)
        {
            inputs.Add(CaseInput.Normal("q", Shape.Matrix(tokens, heads * dqk)));
            inputs.Add(CaseInput.Normal("k", Shape.Matrix(tokens, KeyHeads * dqk)));
        }

        if (Position)
        {
            inputs.Add(CaseInput.Normal("position", Shape.Vector((2 * Normalizer) - 1)));
        }

        if (Time)
        {
            inputs.Add(CaseInput.Normal("time", Shape.Vector(TimeBuckets.Count)));
        }

        if (Power)
        {
            inputs.Add(CaseInput.Normal("factor", Shape.Vector(1)));
            inputs.Add(CaseInput.Normal("exponent", Shape.Vector(1), deviation: 0.1, mean: 0.6));
        }

        return inputs;
    }

    private static double PowerBias(Named<double[]> inputs, int seconds) =>
        inputs["factor"][0] * Math.Pow(Math.Max(seconds, 0) + 1, -inputs["exponent"][0]);

    private void Row(Named<double[]> inputs, int sequence, int i, int head, Span<double> output)
    {
        var keyHead = head * KeyHeads / heads;
        var (first, end) = (sequences.Offsets[sequence], sequences.Offsets[sequence + 1]);
        var scores = new double[IsCpuOnly ? Normalizer : i - first + 1];
        for (var j = first; j < first + scores.Length; j++)
        {
            var isPadding = j >= end;
            var score = HasScores && !isPadding
                ? Rows.Dot(
                    inputs["q"].AsSpan(((i * heads) + head) * dqk, dqk),
                    inputs["k"].AsSpan(((j * KeyHeads) + keyHead) * dqk, dqk))
                : 0;
            score += Position ? inputs["position"][Normalizer - 1 + j - i] : 0;
            score += Time ? inputs["time"][isPadding ? TimeBuckets.Count - 1 : TimeBuckets.Of(sequences.NextSeconds[i] - sequences.EventSeconds[j])] : 0;
            score += Power ? PowerBias(inputs, sequences.NextSeconds[i] - sequences.EventSeconds[j]) : 0;
            scores[j - first] = score * Scale;
        }

        var largest = scores.Max();
        var sum = scores.Sum(s => Math.Exp(s - largest));
        for (var j = first; j <= i; j++)
        {
            var score = scores[j - first];
            var weight = weighting switch
            {
                AttentionWeighting.Silu => Rows.Silu(score) / Normalizer,
                AttentionWeighting.Softmax or AttentionWeighting.LeakySoftmax => Math.Exp(score - largest) / sum,
                _ => score,
            };
            weight *= DropoutMask.Factor(Site, (i * heads) + head, j - first, Normalizer);
            for (var d = 0; d < dv; d++)
            {
                output[d] += weight * inputs["v"][(((j * KeyHeads) + keyHead) * dv) + d];
            }
        }
    }
}
