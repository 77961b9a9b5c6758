using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases.Functions;

/// <summary>loss = weight·Σ_t [y_t ≠ 0]·(log Σ_j exp z_tj − z_t,y_t), z = (⟨q_t, e_j⟩ + o_j)/τ, over the rows j that count.</summary>
/// <param name="items">V.</param>
/// <param name="hasOffsets">Row 0 and every seventh row from 5 do not count.</param>
public sealed class FullSoftmaxCase(int tokens, int width, int items, bool hasOffsets = true, bool isLabelled = true)
    : OperationCase("full softmax", $"[{tokens}, {width}], {items} items{(hasOffsets ? " but some" : "")}{(isLabelled ? "" : ", no labels")}")
{
    private const float Temperature = 0.2f;
    private readonly float _weight = 1f / Math.Max(1, tokens);
    private int[]? _labels;

    public override bool IsCpuOnly => true;

    private double Logits => (double)tokens * items;

    public override Cost Forward => Cost.Of(Logits * ((2 * width) + 3), (double)(tokens + items) * width);

    public override Cost Backward => Cost.Of(Logits * 4 * width, (double)(tokens + items) * width);

    /// <summary>The last is of two blocks of tokens, 128 and 3.</summary>
    public static IEnumerable<OperationCase> All =>
    [
        new FullSoftmaxCase(0, 5, 3), new FullSoftmaxCase(1, 1, 2), new FullSoftmaxCase(1, 7, 1, hasOffsets: false, isLabelled: false),
        new FullSoftmaxCase(9, 7, 4, hasOffsets: false), new FullSoftmaxCase(33, 50, 40), new FullSoftmaxCase(20, 65, 129),
        new FullSoftmaxCase(6, 5, 9, isLabelled: false), new FullSoftmaxCase(131, 3, 2100),
    ];

    private int[] Labels => _labels ??= DrawLabels();

    public override Variable Run(Tape tape, Named<Variable> inputs)
    {
        var offsets = hasOffsets
            ? tape.Device.Upload([.. Enumerable.Range(0, items).Select(j => Counts(j) ? 0 : LossOperations.Excluded)], Shape.Matrix(1, items))
            : null;
        return FullSoftmax.Apply(tape, inputs["queries"], inputs["items"], offsets, tape.Device.Upload(Labels), Temperature, _weight);
    }

    public override double[] Reference(Named<double[]> inputs)
    {
        var (y, loss) = (Labels, 0.0);
        for (var t = 0; t < tokens; t++)
        {
            if (y[t] == 0)
            {
                continue;
            }

            var query = Rows.Of(inputs["queries"], t, width).ToArray();
            double Logit(int item) => Rows.Dot(query, Rows.Of(inputs["items"], item, width)) / Temperature;
            double[] logits = [.. Enumerable.Range(0, items).Where(Counts).Select(Logit)];
            var largest = logits.Max();
            loss += _weight * (largest + Math.Log(logits.Sum(z => Math.Exp(z - largest))) - Logit(y[t]));
        }

        return [loss];
    }

    private bool Counts(int item) => !hasOffsets || (item > 0 && item % 7 != 5);

    private int[] DrawLabels()
    {
        var values = new int[tokens];
        if (!isLabelled)
        {
            return values;
        }

        var drawn = CaseNumbers.Integers($"{Name} labels", tokens, 1, items);
        for (var t = 0; t < tokens; t++)
        {
            values[t] = t % 5 == 2 ? 0 : Counts(drawn[t]) ? drawn[t] : 1;
        }

        return values;
    }

    protected override IReadOnlyList<CaseInput> CreateInputs() =>
    [
        CaseInput.Normal("queries", Shape.Matrix(tokens, width), 1 / Math.Sqrt(width)),
        CaseInput.Normal("items", Shape.Matrix(items, width), 1 / Math.Sqrt(width)),
    ];
}
