using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>
/// loss = weight·Σ_t [y_t ≠ 0]·(log(exp z⁺ + Σ_r exp z⁻_r) − z⁺), z = ⟨q_t, e⟩/τ, z⁻_r = −5·10⁴ where the draw is the label.
/// </summary>
/// <param name="items">V; few, so that many draws are the label.</param>
/// <param name="negatives">R.</param>
public sealed class SampledSoftmaxCase(
    int tokens, int width, int items, int negatives, SampledSoftmaxCase.LabelKind labels = SampledSoftmaxCase.LabelKind.SomeZero)
    : OperationCase("sampled softmax", $"[{tokens}, {width}], {items} items, {negatives} negatives, labels {labels}".ToLowerInvariant())
{
    private const float Temperature = 0.05f;
    private const double Collision = -5e4;
    private readonly float _weight = 1f / Math.Max(1, tokens);
    private int[]? _labels;
    private int[]? _negatives;

    /// <summary>What the labels hold.</summary>
    public enum LabelKind
    {
        SomeZero,
        AllZero,
        AllDrawn,

        /// <summary>The last half are rows of no sequence.</summary>
        LastHalfZero,
    }

    /// <summary>o, by item; null for none.</summary>
    public float[]? Offsets { get; init; }

    public override string Variant => Offsets is null ? "" : ", offsets";

    /// <summary>GPUs take no offsets.</summary>
    public override bool IsCpuOnly => Offsets is not null;

    private double Logits => (double)tokens * (negatives + 1);

    public override Cost Forward => Cost.Of(Logits * ((2 * width) + 3), ((double)(tokens + items) * width) + Logits);

    /// <summary>The gradients, of which the forward pass makes most: two more products a logit.</summary>
    public override Cost Backward => Cost.Of(Logits * 4 * width, (double)(tokens + items) * width);

    public static IEnumerable<OperationCase> All =>
    [
        new SampledSoftmaxCase(0, 5, 3, 2), new SampledSoftmaxCase(1, 1, 2, 1), new SampledSoftmaxCase(1, 7, 5, 0), new SampledSoftmaxCase(9, 7, 4, 5),
        new SampledSoftmaxCase(33, 50, 40, 17), new SampledSoftmaxCase(70, 16, 300, 65), new SampledSoftmaxCase(20, 65, 6, 128),
        new SampledSoftmaxCase(6, 5, 9, 4, LabelKind.AllZero), new SampledSoftmaxCase(6, 5, 9, 4, LabelKind.AllDrawn),
        new SampledSoftmaxCase(40, 9, 17, 6, LabelKind.LastHalfZero), new SampledSoftmaxCase(24, 9, 16, 3, LabelKind.LastHalfZero),
        new SampledSoftmaxCase(9, 7, 4, 5) { Offsets = OffsetsOf(4) }, new SampledSoftmaxCase(33, 50, 40, 17) { Offsets = OffsetsOf(40) },
        new SampledSoftmaxCase(20, 16, 300, 65) { Offsets = OffsetsOf(300) }, new SampledSoftmaxCase(1, 7, 5, 0) { Offsets = OffsetsOf(5) },
    ];

    private int[] Labels => _labels ??= DrawLabels();

    /// <summary>Every draw of the second token is its label; with <see cref="LabelKind.AllDrawn"/> every draw of every token.</summary>
    private int[] Negatives => _negatives ??= DrawNegatives();

    public override Variable Run(Tape tape, Named<Variable> inputs) => SampledSoftmax.Apply(
        tape, inputs["queries"], inputs["items"], tape.Device.Upload(Labels), tape.Device.Upload(Negatives), Temperature, _weight,
        Offsets is null ? null : tape.Device.Upload(Offsets, Shape.Matrix(1, items)));

    public override double[] Reference(Named<double[]> inputs)
    {
        var (y, drawn, loss) = (Labels, Negatives, 0.0);
        for (var t = 0; t < tokens; t++)
        {
            if (y[t] == 0)
            {
                continue;
            }

            var query = Rows.Of(inputs["queries"], t, width).ToArray();
            double Logit(int item) => (Rows.Dot(query, Rows.Of(inputs["items"], item, width)) / Temperature) + (Offsets?[item] ?? 0);
            double[] logits =
                [Logit(y[t]), .. drawn[(t * negatives)..((t + 1) * negatives)].Select(item => item == y[t] ? Collision : Logit(item))];
            var largest = logits.Max();
            loss += _weight * (largest + Math.Log(logits.Sum(z => Math.Exp(z - largest))) - logits[0]);
        }

        return [loss];
    }

    /// <summary>−ln Q of chances that differ a hundredfold.</summary>
    private static float[] OffsetsOf(int items) => [.. Enumerable.Range(0, items).Select(i => (float)-Math.Log((1 + (i % 7 * 16)) / (50.0 * items)))];

    /// <summary>Rows of a length near 1, as after the normalisation.</summary>
    private int[] DrawLabels()
    {
        var values = labels == LabelKind.AllZero ? new int[tokens] : CaseNumbers.Integers($"{Name} labels", tokens, 1, items);
        for (var t = 2; t < tokens && labels == LabelKind.SomeZero; t += 5)
        {
            values[t] = 0;
        }

        if (labels == LabelKind.LastHalfZero)
        {
            values.AsSpan(tokens / 2).Clear();
        }

        return values;
    }

    private int[] DrawNegatives()
    {
        var drawn = CaseNumbers.Integers($"{Name} negatives", tokens * negatives, 1, items);
        for (var t = 0; t < tokens; t++)
        {
            if (t == 1 || labels == LabelKind.AllDrawn)
            {
                drawn.AsSpan(t * negatives, negatives).Fill(Math.Max(1, Labels[t]));
            }
        }

        return drawn;
    }

    protected override IReadOnlyList<CaseInput> CreateInputs() =>
    [
        CaseInput.Normal("queries", Shape.Matrix(tokens, width), 1 / Math.Sqrt(width)),
        CaseInput.Normal("items", Shape.Matrix(items, width), 1 / Math.Sqrt(width)),
    ];
}
