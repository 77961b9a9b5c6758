using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>
/// The multi-channel attention of FuXi (Ye et al., 2025, section 3): each head h gives [P·v_h, T·v_h, S_h·v_h] side by side, with P the position bias and T
/// the time bias as weights by themselves, both shared by the heads, and S_h = SiLU(q_h·k_hᵀ)/N; all causal. FuXi-α's time bias is by bucket; FuXi-β has no
/// scores and a function of the time.
/// </summary>
public sealed class ChannelAttention : SingleOutputFunction
{
    private readonly Variable? _queries;
    private readonly Variable? _keys;
    private readonly Variable _values;
    private readonly Variable _positionBias;
    private readonly Variable? _timeBias;
    private readonly TimePowerBias? _timePower;
    private readonly JaggedLayout _layout;
    private readonly int _heads;
    private readonly int _normalizer;

    private ChannelAttention(
        (Variable Queries, Variable Keys)? scores,
        Variable values,
        Variable positionBias,
        Variable? timeBias,
        TimePowerBias? timePower,
        JaggedLayout layout,
        int heads,
        int normalizer)
    {
        (_queries, _keys, _values) = (scores?.Queries, scores?.Keys, values);
        (_positionBias, _timeBias, _timePower) = (positionBias, timeBias, timePower);
        (_layout, _heads, _normalizer) = (layout, heads, normalizer);
    }

    public override string Name => "channel attention";

    private int Channels => ChannelCount(_queries is not null);

    private int Dv => _values.Shape.Columns / _heads;

    private int Dqk => _queries!.Shape.Columns / _heads;

    /// <summary>Position, time, and scores where there are any.</summary>
    public static int ChannelCount(bool hasScores) => hasScores ? 3 : 2;

    /// <param name="scores">Queries and keys [T, H·dqk], or none: no channel of scores.</param>
    /// <param name="values">[T, H·dv].</param>
    /// <param name="positionBias">[2N − 1].</param>
    /// <param name="timeBias">[129], or none where the time bias is by a function.</param>
    /// <param name="timePower">That function.</param>
    /// <param name="normalizer">N.</param>
    /// <returns>[T, channels·H·dv], head by head.</returns>
    /// <exception cref="ArgumentException">There is no time bias, or there are two.</exception>
    public static Variable Apply(
        Tape tape,
        (Variable Queries, Variable Keys)? scores,
        Variable values,
        Variable positionBias,
        Variable? timeBias,
        TimePowerBias? timePower,
        JaggedLayout layout,
        int heads,
        int normalizer)
    {
        if (timeBias is null == timePower is null)
        {
            throw new ArgumentException("channel attention: a time bias by bucket or one by a function is needed, and not both");
        }

        var function = new ChannelAttention(scores, values, positionBias, timeBias, timePower, layout, heads, normalizer);
        var output = tape.Device.Allocate(Shape.Matrix(values.Shape.Rows, function.Channels * values.Shape.Columns));
        for (var head = 0; head < heads; head++)
        {
            for (var channel = 0; channel < function.Channels; channel++)
            {
                tape.Device.Attention.Attend(function.Inputs(head, channel), layout, function.Part(output, head, channel));
            }
        }

        return tape.Record(
            function, output, scores?.Queries, scores?.Keys, values, positionBias, timeBias, timePower?.Factor, timePower?.Exponent);
    }

    protected override void Backward(Tensor dOutput)
    {
        var (queries, keys, values) = (TargetOrNone(_queries), TargetOrNone(_keys), Target(_values));
        var (position, time) = (Target(_positionBias), TargetOrNone(_timeBias));
        var (factor, exponent) = (TargetOrNone(_timePower?.Factor), TargetOrNone(_timePower?.Exponent));
        for (var head = 0; head < _heads; head++)
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                var isScores = channel == 2;
                var dValues = Slice(values, head, Dv);
                var gradients = new HstuAttentionGradients(
                    isScores ? Slice(queries, head, Dqk) : GradientTarget.None,
                    isScores ? Slice(keys, head, Dqk) : GradientTarget.None,
                    dValues with { Accumulate = dValues.Accumulate || channel > 0 },
                    channel == 0 ? After(position, head) : GradientTarget.None,
                    channel == 1 ? After(time, head) : GradientTarget.None)
                {
                    TimePower = channel == 1 ? (After(factor, head), After(exponent, head)) : default,
                };
                Device.Attention.AttendBackward(
                    Inputs(head, channel), _layout, Part(Outputs[0].Value, head, channel), null, Part(dOutput, head, channel), gradients);
            }
        }
    }

    private static GradientTarget Slice(GradientTarget target, int head, int width) =>
        target with { Tensor = target.Tensor?.SliceColumns(head * width, width) };

    /// <summary>What all heads share is added up from the second on.</summary>
    private static GradientTarget After(GradientTarget target, int head) => target with { Accumulate = target.Accumulate || head > 0 };

    private AttentionInputs Inputs(int head, int channel)
    {
        var values = _values.Value.SliceColumns(head * Dv, Dv);
        return channel switch
        {
            0 => new(null, null, values, 1, _normalizer) { Weighting = AttentionWeighting.Bias, PositionBias = _positionBias.Value },
            1 => new(null, null, values, 1, _normalizer)
            {
                Weighting = AttentionWeighting.Bias,
                TimeBias = _timeBias?.Value,
                TimePower = _timePower?.Value,
            },
            _ => new(_queries!.Value.SliceColumns(head * Dqk, Dqk), _keys!.Value.SliceColumns(head * Dqk, Dqk), values, 1, _normalizer),
        };
    }

    private Tensor Part(Tensor output, int head, int channel) => output.SliceColumns(((head * Channels) + channel) * Dv, Dv);
}
