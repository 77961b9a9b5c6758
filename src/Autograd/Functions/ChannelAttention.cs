using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>
/// FuXi-α's adaptive multi-channel attention (Ye et al., 2025, section 3): each head h gives [P·v_h, T·v_h, S_h·v_h] side by side, with P the position bias and
/// T the time bias as weights by themselves, both shared by the heads, and S_h = SiLU(q_h·k_hᵀ)/N; all causal.
/// </summary>
public sealed class ChannelAttention : SingleOutputFunction
{
    /// <summary>Position, time, scores.</summary>
    public const int Channels = 3;

    private readonly Variable _queries;
    private readonly Variable _keys;
    private readonly Variable _values;
    private readonly Variable _positionBias;
    private readonly Variable _timeBias;
    private readonly JaggedLayout _layout;
    private readonly int _heads;
    private readonly int _normalizer;

    private ChannelAttention(
        Variable queries, Variable keys, Variable values, Variable positionBias, Variable timeBias, JaggedLayout layout, int heads, int normalizer)
    {
        (_queries, _keys, _values) = (queries, keys, values);
        (_positionBias, _timeBias) = (positionBias, timeBias);
        (_layout, _heads, _normalizer) = (layout, heads, normalizer);
    }

    public override string Name => "channel attention";

    private int Dv => _values.Shape.Columns / _heads;

    private int Dqk => _queries.Shape.Columns / _heads;

    /// <param name="queries">[T, H·dqk].</param>
    /// <param name="keys">[T, H·dqk].</param>
    /// <param name="values">[T, H·dv].</param>
    /// <param name="positionBias">[2N − 1].</param>
    /// <param name="timeBias">[129].</param>
    /// <param name="normalizer">N.</param>
    /// <returns>[T, 3·H·dv], head by head.</returns>
    public static Variable Apply(
        Tape tape, Variable queries, Variable keys, Variable values, Variable positionBias, Variable timeBias, JaggedLayout layout, int heads, int normalizer)
    {
        var function = new ChannelAttention(queries, keys, values, positionBias, timeBias, layout, heads, normalizer);
        var output = tape.Device.Allocate(Shape.Matrix(values.Shape.Rows, Channels * values.Shape.Columns));
        for (var head = 0; head < heads; head++)
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                tape.Device.Attention.Attend(function.Inputs(head, channel), layout, function.Part(output, head, channel));
            }
        }

        return tape.Record(function, output, queries, keys, values, positionBias, timeBias);
    }

    protected override void Backward(Tensor dOutput)
    {
        var (queries, keys, values) = (Target(_queries), Target(_keys), Target(_values));
        var (position, time) = (Target(_positionBias), Target(_timeBias));
        for (var head = 0; head < _heads; head++)
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                var dValues = Slice(values, head, Dv);
                var gradients = new HstuAttentionGradients(
                    channel == 2 ? Slice(queries, head, Dqk) : GradientTarget.None,
                    channel == 2 ? Slice(keys, head, Dqk) : GradientTarget.None,
                    dValues with { Accumulate = dValues.Accumulate || channel > 0 },
                    channel == 0 ? position with { Accumulate = position.Accumulate || head > 0 } : GradientTarget.None,
                    channel == 1 ? time with { Accumulate = time.Accumulate || head > 0 } : GradientTarget.None);
                Device.Attention.AttendBackward(
                    Inputs(head, channel), _layout, Part(Outputs[0].Value, head, channel), null, Part(dOutput, head, channel), gradients);
            }
        }
    }

    private static GradientTarget Slice(GradientTarget target, int head, int width) =>
        target with { Tensor = target.Tensor?.SliceColumns(head * width, width) };

    private AttentionInputs Inputs(int head, int channel)
    {
        var values = _values.Value.SliceColumns(head * Dv, Dv);
        return channel switch
        {
            0 => new(null, null, values, 1, _normalizer) { Weighting = AttentionWeighting.Bias, PositionBias = _positionBias.Value },
            1 => new(null, null, values, 1, _normalizer) { Weighting = AttentionWeighting.Bias, TimeBias = _timeBias.Value },
            _ => new(_queries.Value.SliceColumns(head * Dqk, Dqk), _keys.Value.SliceColumns(head * Dqk, Dqk), values, 1, _normalizer),
        };
    }

    private Tensor Part(Tensor output, int head, int channel) => output.SliceColumns(((head * Channels) + channel) * Dv, Dv);
}
