using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>Attention within the sequences of a jagged batch. Memory is linear in the tokens: no score matrix is kept.</summary>
public abstract partial class AttentionOperations(Device device)
{
    /// <summary>
    /// HSTU's pointwise attention ("Actions Speak Louder than Words", 2024, section 3.2; research code): for rows i ≥ j of one sequence and head h
    /// S = ⟨q_hi, k_hj⟩ + position[N − 1 + j − i] + time[bucket(next_i − event_j)], A = SiLU(S)/N, o_hi = Σ_j A·v_hj. No scaling by 1/√dqk.
    /// A row of no sequence sees nothing and nothing sees it: its output and its gradients are 0.
    /// </summary>
    /// <param name="inputs">Queries, keys, values and biases.</param>
    /// <param name="layout">Which rows are which sequence's; with times where there is a time bias.</param>
    /// <param name="output">[T, H·dv].</param>
    public void Hstu(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor output)
    {
        const string Operation = "attention";
        CheckInputs(Operation, inputs, layout, output, "output");
        device.Count?.Add(Operation, 2.0 * layout.CausalPairs * (inputs.Queries.Columns + inputs.Values.Columns));
        HstuCore(inputs, layout, output);
    }

    /// <summary>
    /// The gradients of <see cref="Hstu"/>. Scores are computed again; with σ the sigmoid and dA = ⟨do_hi, v_hj⟩/N: dS = dA·σ(S)(1 + S(1 − σ(S))).
    /// Gradients of the biases are sums of dS over heads, sequences and the cells of a distance or a bucket, in a fixed order.
    /// </summary>
    public void HstuBackward(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor dOutput, in HstuAttentionGradients gradients)
    {
        const string Operation = "attention backward";
        CheckInputs(Operation, inputs, layout, dOutput, "dOutput");
        Check.Arrays(
            Operation, device, gradients.Queries.Tensor, gradients.Keys.Tensor, gradients.Values.Tensor, gradients.PositionBias.Tensor,
            gradients.TimeBias.Tensor);
        Check.Target(Operation, "q", gradients.Queries, inputs.Queries);
        Check.Target(Operation, "k", gradients.Keys, inputs.Keys);
        Check.Target(Operation, "v", gradients.Values, inputs.Values);
        CheckBiasTarget(Operation, "position", gradients.PositionBias, inputs.PositionBias);
        CheckBiasTarget(Operation, "time", gradients.TimeBias, inputs.TimeBias);
        device.Count?.Add(Operation, 4.0 * layout.CausalPairs * (inputs.Queries.Columns + inputs.Values.Columns));
        HstuBackwardCore(inputs, layout, dOutput, gradients);
    }

    /// <summary>
    /// <see cref="Hstu"/> for the last R rows of one sequence of n rows, whose keys and values are all there: what one more event costs once the earlier rows'
    /// are kept. Rows agree with <see cref="Hstu"/>'s to rounding.
    /// </summary>
    /// <param name="inputs">Queries [R, H·dqk], keys [n, H·dqk] and values [n, H·dv], R ≤ n ≤ N.</param>
    /// <param name="eventSeconds">[n], never decreasing; empty without a time bias.</param>
    /// <param name="nextSeconds">[R], the time of the event after each of the R rows, not before its own; empty without a time bias.</param>
    /// <param name="output">[R, H·dv].</param>
    /// <exception cref="NotSupportedException">The device cannot.</exception>
    public void HstuTail(in HstuAttentionInputs inputs, ReadOnlySpan<int> eventSeconds, ReadOnlySpan<int> nextSeconds, Tensor output)
    {
        const string Operation = "attention tail";
        var (q, k, v) = (inputs.Queries, inputs.Keys, inputs.Values);
        Check.Arrays(Operation, device, q, k, v, inputs.PositionBias, inputs.TimeBias, output);
        Check.SameColumns(Operation, "q", q, "k", k);
        Check.SameRows(Operation, "k", k, "v", v);
        Check.Extent(Operation, "output", output, q.Rows, v.Columns);
        Check.That(q.Rows <= k.Rows, Operation, $"q {q.Shape} has more rows than k {k.Shape}");
        Check.That(k.Rows <= inputs.Normalizer, Operation, $"N is {inputs.Normalizer} but the sequence has {k.Rows} rows");
        CheckHeadsAndBiases(Operation, inputs);
        if (inputs.TimeBias is not null)
        {
            Check.That(
                eventSeconds.Length == k.Rows && nextSeconds.Length == q.Rows,
                Operation,
                $"{k.Rows} rows and {q.Rows} queries need as many times; given are {eventSeconds.Length} events' and {nextSeconds.Length} next events'");
        }

        HstuTailCore(inputs, eventSeconds, nextSeconds, output);
    }

    /// <summary>Whether the device has <see cref="HstuTail"/>.</summary>
    public virtual bool ContinuesSequences => false;

    /// <exception cref="NotSupportedException">The device does not have it: it says so, rather than compute all rows again.</exception>
    public void RequireContinuing()
    {
        if (!ContinuesSequences)
        {
            throw new NotSupportedException($"attention tail: the device '{device.Name}' does not continue sequences; encode them whole, or on the CPU");
        }
    }

    protected virtual void HstuTailCore(in HstuAttentionInputs inputs, ReadOnlySpan<int> eventSeconds, ReadOnlySpan<int> nextSeconds, Tensor output) =>
        RequireContinuing();

    protected abstract void HstuCore(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor output);

    protected abstract void HstuBackwardCore(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor dOutput, in HstuAttentionGradients gradients);

    private static void CheckBiasTarget(string operation, string name, GradientTarget target, Tensor? bias)
    {
        if (target.IsWanted)
        {
            Check.That(bias is not null, operation, $"a gradient of the {name} bias is asked for, but there is no {name} bias");
            Check.Target(operation, $"the {name} bias", target, bias);
        }
    }

    private void CheckInputs(string operation, in HstuAttentionInputs inputs, JaggedLayout layout, Tensor output, string outputName)
    {
        var (q, k, v) = (inputs.Queries, inputs.Keys, inputs.Values);
        Check.Arrays(operation, device, q, k, v, inputs.PositionBias, inputs.TimeBias, output);
        Check.SameShape(operation, "q", q, "k", k);
        Check.SameRows(operation, "q", q, "v", v);
        Check.SameShape(operation, "v", v, outputName, output);
        Check.That(layout.Tokens == q.Rows, operation, $"q {q.Shape} must have the layout's {layout.Tokens} rows");
        Check.That(inputs.Normalizer >= layout.LongestSequence, operation, $"N is {inputs.Normalizer} but a sequence has {layout.LongestSequence} rows");
        CheckHeadsAndBiases(operation, inputs);
        CheckTimes(operation, inputs.TimeBias, layout);
    }

    private static void CheckTimes(string operation, Tensor? timeBias, JaggedLayout layout)
    {
        if (timeBias is not null)
        {
            Check.That(layout.HasTimes || layout.Offsets[^1] == 0, operation, "a time bias needs times, and the batch has none; use the position bias alone");
        }
    }

    private static void CheckHeadsAndBiases(string operation, in HstuAttentionInputs inputs)
    {
        var (q, v) = (inputs.Queries, inputs.Values);
        Check.That(
            inputs.Heads > 0 && q.Columns % inputs.Heads == 0 && v.Columns % inputs.Heads == 0,
            operation,
            $"q {q.Shape} and v {v.Shape} cannot be split into {inputs.Heads} heads");
        CheckBiases(operation, inputs.PositionBias, inputs.TimeBias, inputs.Normalizer);
    }

    private static void CheckBiases(string operation, Tensor? positionBias, Tensor? timeBias, int normalizer)
    {
        if (positionBias is { } position)
        {
            Check.That(
                position.Rows == 1 && position.Columns == (2 * normalizer) - 1,
                operation,
                $"the position bias {position.Shape} must have 2 N − 1 = {(2 * normalizer) - 1} values");
        }

        if (timeBias is { } time)
        {
            Check.That(time.Rows == 1 && time.Columns == TimeBuckets.Count, operation, $"the time bias {time.Shape} must have {TimeBuckets.Count} values");
        }
    }
}
