using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <content>Attention of every weighting.</content>
public abstract partial class AttentionOperations
{
    private const string AttendName = "weighted attention";
    private const string AttendBackwardName = "weighted attention backward";
    private const string RotateName = "rotate";

    /// <summary>
    /// For rows i ≥ j of one sequence and head h, with g = h·G/H: S = scale·(⟨q_hi, k_gj⟩ + position[N − 1 + j − i] + time(next_i − event_j)), the
    /// time bias by bucket or <see cref="TimePower"/>, A by <see cref="AttentionInputs.Weighting"/> and then through dropout, o_hi = Σ_j A·v_gj. Softmax
    /// subtracts a row's largest score first. A row of no sequence sees nothing and nothing sees it: its output and its gradients are 0.
    /// </summary>
    /// <param name="inputs">Queries, keys, values, biases and what is done with them.</param>
    /// <param name="layout">Which rows are which sequence's; with times where there is a time bias.</param>
    /// <param name="output">[T, H·dv].</param>
    /// <param name="logSums">[T, H]: ln Σ exp(S) a row, for the backward pass of a softmax; else none.</param>
    /// <exception cref="NotSupportedException">The device does not have this weighting.</exception>
    public void Attend(in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor? logSums = null)
    {
        CheckWeighted(AttendName, inputs, layout, output, logSums);
        device.Count?.Add(AttendName, 2.0 * layout.CausalPairs * ((inputs.Queries?.Columns ?? 0) + output.Columns));
        if (AsHstu(inputs) is { } hstu)
        {
            HstuCore(hstu, layout, output);
        }
        else
        {
            AttendCore(inputs, layout, output, logSums);
        }
    }

    /// <summary>
    /// The gradients of <see cref="Attend"/>. Scores are computed again; with m the dropout's factor, dA = m·⟨do_hi, v_gj⟩ and δ_hi = ⟨do_hi, o_hi⟩: for a
    /// softmax dS = scale·A·(dA − δ) with A before dropout, for SiLU dS = scale·dA·SiLU'(S)/N, for biases alone dS = dA. Sums have a fixed order.
    /// </summary>
    /// <param name="output">What <see cref="Attend"/> gave; read by a softmax alone.</param>
    /// <param name="logSums">Likewise.</param>
    /// <param name="gradients">Those of queries, keys and values are wanted together or not at all.</param>
    public void AttendBackward(
        in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor? logSums, Tensor dOutput, in HstuAttentionGradients gradients)
    {
        const string Operation = AttendBackwardName;
        CheckWeighted(Operation, inputs, layout, output, logSums);
        Check.SameShape(Operation, "output", output, "dOutput", dOutput);
        Check.Arrays(
            Operation, device, dOutput, gradients.Queries.Tensor, gradients.Keys.Tensor, gradients.Values.Tensor, gradients.PositionBias.Tensor,
            gradients.TimeBias.Tensor, gradients.TimePower.Factor.Tensor, gradients.TimePower.Exponent.Tensor);
        Check.That(
            !IsSoftmax(inputs.Weighting) || logSums is not null, Operation, "a softmax needs the sums of its rows; have the forward pass write them");
        Check.Target(Operation, "v", gradients.Values, inputs.Values);
        CheckOptionalTarget(Operation, "q", gradients.Queries, inputs.Queries);
        CheckOptionalTarget(Operation, "k", gradients.Keys, inputs.Keys);
        CheckBiasTarget(Operation, "position", gradients.PositionBias, inputs.PositionBias);
        CheckBiasTarget(Operation, "time", gradients.TimeBias, inputs.TimeBias);
        CheckOptionalTarget(Operation, "the time bias's factor", gradients.TimePower.Factor, inputs.TimePower?.Factor);
        CheckOptionalTarget(Operation, "the time bias's exponent", gradients.TimePower.Exponent, inputs.TimePower?.Exponent);
        device.Count?.Add(Operation, 4.0 * layout.CausalPairs * ((inputs.Queries?.Columns ?? 0) + output.Columns));
        if (AsHstu(inputs) is { } hstu)
        {
            HstuBackwardCore(hstu, layout, dOutput, gradients);
        }
        else
        {
            AttendBackwardCore(inputs, layout, output, logSums, dOutput, gradients);
        }
    }

    /// <summary>
    /// Rotary positions (Su et al., 2021, section 3.2; the interleaved pairs of Llama's first code): in each head, with p the row's place in its sequence and
    /// φ = p·θ^(−2c/d), (x_2c, x_2c+1) → (x_2c·cos φ − x_2c+1·sin φ, x_2c·sin φ + x_2c+1·cos φ). Rows of no sequence count on from 0.
    /// </summary>
    /// <param name="x">[T, H·d], d even.</param>
    /// <param name="heads">H.</param>
    /// <param name="theta">θ, 10,000 as published.</param>
    /// <param name="inverse">Turn back, by −φ: the backward pass, since a rotation's transpose is its inverse.</param>
    /// <param name="y">[T, H·d]; may be x.</param>
    /// <exception cref="NotSupportedException">The device lacks it.</exception>
    public void Rotate(Tensor x, JaggedLayout layout, int heads, float theta, bool inverse, Tensor y)
    {
        Check.Arrays(RotateName, device, x, y);
        Check.SameShape(RotateName, "x", x, "y", y);
        Check.That(layout.Tokens == x.Rows, RotateName, $"x {x.Shape} must have the layout's {layout.Tokens} rows");
        Check.That(heads > 0 && x.Columns % (2 * heads) == 0, RotateName, $"x {x.Shape} cannot be split into {heads} heads of an even width");
        Check.That(theta > 0, RotateName, $"theta is {theta} and must be above 0");
        RotateCore(x, layout, heads, theta, inverse, y);
    }

    /// <summary>Whether a weighting keeps the sums of its rows for the backward pass.</summary>
    public static bool IsSoftmax(AttentionWeighting weighting) => weighting is AttentionWeighting.Softmax or AttentionWeighting.LeakySoftmax;

    protected virtual void AttendCore(in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor? logSums) =>
        throw Check.Unsupported($"{AttendName} ({inputs.Weighting})", device);

    protected virtual void AttendBackwardCore(
        in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor? logSums, Tensor dOutput, in HstuAttentionGradients gradients) =>
        throw Check.Unsupported($"{AttendBackwardName} ({inputs.Weighting})", device);

    protected virtual void RotateCore(Tensor x, JaggedLayout layout, int heads, float theta, bool inverse, Tensor y) =>
        throw Check.Unsupported(RotateName, device);

    /// <summary>The same attention as HSTU's own operation, where it is that: its kernels are the tuned ones.</summary>
    private static HstuAttentionInputs? AsHstu(in AttentionInputs inputs) =>
        inputs is { Weighting: AttentionWeighting.Silu, Scale: 1, Dropout.IsActive: false, TimePower: null, Queries: { } q, Keys: { } k }
            && inputs.ValueHeads == inputs.Heads
            ? new HstuAttentionInputs(q, k, inputs.Values, inputs.Heads, inputs.Normalizer, inputs.PositionBias, inputs.TimeBias)
            : null;

    private static void CheckOptionalTarget(string operation, string name, GradientTarget target, Tensor? value)
    {
        if (target.IsWanted)
        {
            Check.That(value is not null, operation, $"a gradient of {name} is asked for, but there is no {name}");
            Check.Target(operation, name, target, value);
        }
    }

    private void CheckWeighted(string operation, in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor? logSums)
    {
        var (heads, keyHeads, v) = (inputs.Heads, inputs.ValueHeads, inputs.Values);
        Check.Arrays(operation, device, inputs.Queries, inputs.Keys, v, inputs.PositionBias, inputs.TimeBias, inputs.TimePower?.Factor,
            inputs.TimePower?.Exponent, output, logSums);
        Check.That(layout.Tokens == v.Rows, operation, $"v {v.Shape} must have the layout's {layout.Tokens} rows");
        Check.That(
            heads > 0 && keyHeads > 0 && heads % keyHeads == 0,
            operation,
            $"{heads} heads cannot share {keyHeads} heads of keys and values; the first must be a multiple of the second");
        Check.That(v.Columns % keyHeads == 0, operation, $"v {v.Shape} cannot be split into {keyHeads} heads");
        Check.Extent(operation, "output", output, v.Rows, v.Columns / keyHeads * heads);
        if (inputs.Weighting == AttentionWeighting.Bias)
        {
            Check.That(inputs.Queries is null && inputs.Keys is null, operation, "where the biases are the weights there are no queries and keys");
            Check.That(!inputs.Dropout.IsActive && inputs.Scale == 1, operation, "biases as weights take neither dropout nor a scale");
        }
        else
        {
            Check.That(inputs.Queries is not null && inputs.Keys is not null, operation, $"{inputs.Weighting} needs queries and keys");
            var (q, k) = (inputs.Queries, inputs.Keys);
            Check.SameRows(operation, "q", q, "v", v);
            Check.SameRows(operation, "k", k, "v", v);
            Check.That(q.Columns % heads == 0, operation, $"q {q.Shape} cannot be split into {heads} heads");
            Check.Extent(operation, "k", k, v.Rows, q.Columns / heads * keyHeads);
        }

        if (inputs.Weighting == AttentionWeighting.LeakySoftmax)
        {
            Check.That(keyHeads == heads, operation, $"a leaky softmax has a head of keys a head of queries, not {keyHeads} for {heads}");
            Check.That(!inputs.Dropout.IsActive, operation, "a leaky softmax takes no dropout of its weights");
            Check.That(inputs.TimePower is null, operation, "a leaky softmax takes a time bias by bucket, none by a function");
        }

        if (logSums is not null)
        {
            Check.That(IsSoftmax(inputs.Weighting), operation, $"{inputs.Weighting} has no sums of rows to keep");
            Check.Extent(operation, "logSums", logSums, v.Rows, heads);
        }

        Check.That(inputs.Normalizer >= layout.LongestSequence, operation, $"N is {inputs.Normalizer} but a sequence has {layout.LongestSequence} rows");
        Check.That(float.IsFinite(inputs.Scale), operation, $"the scale is {inputs.Scale} and must be finite");
        inputs.Dropout.ThrowIfInvalid(operation);
        CheckBiases(operation, inputs.PositionBias, inputs.TimeBias, inputs.Normalizer);
        CheckTimes(operation, inputs.TimeBias ?? inputs.TimePower?.Factor, layout);
        if (inputs.TimePower is { } power)
        {
            Check.That(inputs.TimeBias is null, operation, "there is a time bias by bucket and one by a function; it must be one of them");
            Check.Extent(operation, "the time bias's factor", power.Factor, 1, 1);
            Check.Extent(operation, "the time bias's exponent", power.Exponent, 1, 1);
        }
    }
}
