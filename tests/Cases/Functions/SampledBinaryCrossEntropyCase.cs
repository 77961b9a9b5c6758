using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>
/// loss = weight/(R + 1)·Σ_t [y_t ≠ 0]·(−β·ln σ(z⁺) − Σ_r [n_tr ≠ y_t]·ln(1 − σ(z⁻_r))), z = ⟨q_t, e⟩/τ.
/// </summary>
/// <param name="items">V; few, so that many draws are the label.</param>
/// <param name="negatives">R.</param>
/// <param name="power">β.</param>
public sealed class SampledBinaryCrossEntropyCase(int tokens, int width, int items, int negatives, float power, float temperature = 0.2f)
    : OperationCase("binary cross-entropy", $"[{tokens}, {width}], {items} items, {negatives} negatives, beta {power}, temperature {temperature}")
{
    private readonly float _weight = 1f / Math.Max(1, tokens);
    private int[]? _labels;
    private int[]? _negatives;

    public override bool IsCpuOnly => true;

    private double Logits => (double)tokens * (negatives + 1);

    public override Cost Forward => Cost.Of(Logits * ((2 * width) + 4), ((double)(tokens + items) * width) + Logits);

    public override Cost Backward => Cost.Of(Logits * 4 * width, (double)(tokens + items) * width);

    /// <summary>The one at a low temperature has logits far beyond where σ is 0 or 1 in float32.</summary>
    public static IEnumerable<OperationCase> All =>
    [
        new SampledBinaryCrossEntropyCase(0, 5, 3, 2, 1), new SampledBinaryCrossEntropyCase(1, 1, 2, 1, 1), new SampledBinaryCrossEntropyCase(1, 7, 5, 0, 1),
        new SampledBinaryCrossEntropyCase(9, 7, 4, 5, 0.3f), new SampledBinaryCrossEntropyCase(33, 50, 40, 17, 1),
        new SampledBinaryCrossEntropyCase(70, 16, 300, 65, 0.1f), new SampledBinaryCrossEntropyCase(20, 65, 6, 128, 0.5f),
        new SampledBinaryCrossEntropyCase(20, 9, 50, 6, 1, 0.01f),
    ];

    private int[] Labels => _labels ??= [.. CaseNumbers.Integers($"{Name} labels", tokens, 1, items).Select((label, t) => t % 5 == 2 ? 0 : label)];

    /// <summary>Every draw of the second token is its label.</summary>
    private int[] Negatives => _negatives ??=
        [.. CaseNumbers.Integers($"{Name} negatives", tokens * negatives, 1, items).Select((item, n) => n / negatives == 1 ? Math.Max(1, Labels[1]) : item)];

    public override Variable Run(Tape tape, Named<Variable> inputs) => SampledBinaryCrossEntropy.Apply(
        tape, inputs["queries"], inputs["items"], tape.Device.Upload(Labels), tape.Device.Upload(Negatives), temperature, power, _weight);

    public override double[] Reference(Named<double[]> inputs)
    {
        var loss = 0.0;
        for (var t = 0; t < tokens; t++)
        {
            var label = Labels[t];
            if (label == 0)
            {
                continue;
            }

            var query = Rows.Of(inputs["queries"], t, width).ToArray();
            double Logit(int item) => Rows.Dot(query, Rows.Of(inputs["items"], item, width)) / temperature;
            var sum = power * Softplus(-Logit(label));
            sum += Negatives[(t * negatives)..((t + 1) * negatives)].Where(item => item != label).Sum(item => Softplus(Logit(item)));
            loss += _weight / (negatives + 1) * sum;
        }

        return [loss];
    }

    private static double Softplus(double z) => Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z)));

    protected override IReadOnlyList<CaseInput> CreateInputs() =>
    [
        CaseInput.Normal("queries", Shape.Matrix(tokens, width), 1 / Math.Sqrt(width)),
        CaseInput.Normal("items", Shape.Matrix(items, width), 1 / Math.Sqrt(width)),
    ];
}
