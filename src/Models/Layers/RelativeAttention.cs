using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Layers;

/// <summary>Attention and the biases that it learns; the formula is <see cref="AttentionOperations.Attend"/>'s.</summary>
public sealed class RelativeAttention : Module
{
    private readonly AttentionOptions _options;
    private readonly string _path;
    private readonly Parameter? _timeBias;
    private readonly Parameter? _positionBias;
    private readonly (Parameter Factor, Parameter Exponent)? _timePower;

    /// <param name="path">The dropout's place begins with it.</param>
    /// <exception cref="ArgumentException">An option is impossible.</exception>
    public RelativeAttention(Device device, AttentionOptions options, string path, ulong seed)
    {
        options.Validate();
        (_options, _path) = (options, path);
        _timeBias = RegisterOptional(device, options.TimeBias, Shape.Vector(TimeBuckets.Count), seed);
        _positionBias = RegisterOptional(device, options.PositionBias, Shape.Vector((2 * options.Normalizer) - 1), seed);
        _timePower = options.TimePower is { } power
            ? (Register(device, power.Factor, Shape.Vector(1), seed), Register(device, power.Exponent, Shape.Vector(1), seed))
            : null;
    }

    /// <summary>2·pairs·(columns of queries and outputs).</summary>
    public double ForwardFlops(TokenCounts counts) => 2.0 * counts.Pairs * (_options.QueryWidth + _options.OutputWidth);

    /// <param name="scores">Queries [T, H·dqk] and keys [T, G·dqk]; none where the biases alone are the weights.</param>
    /// <param name="values">[T, G·dv].</param>
    /// <returns>[T, H·dv], or with channels so many times that as there are channels.</returns>
    public Variable Forward(ForwardContext context, (Variable Queries, Variable Keys)? scores, Variable values, JaggedLayout layout)
    {
        var tape = context.Tape;
        if (scores is { } unturned && _options.RotaryTheta is { } theta)
        {
            scores = (
                Rotate.Apply(tape, unturned.Queries, layout, _options.Heads, theta),
                Rotate.Apply(tape, unturned.Keys, layout, _options.KeyHeads == 0 ? _options.Heads : _options.KeyHeads, theta));
        }

        var power = _timePower is { } p ? new TimePowerBias(p.Factor.Variable, p.Exponent.Variable) : null;
        if (_options.Channels != AttentionChannels.None)
        {
            return ChannelAttention.Apply(
                tape, scores, values, _positionBias!.Variable, _timeBias?.Variable, power, layout, _options.Heads, _options.Normalizer);
        }

        var setting = new AttentionSetting(_options.Heads, _options.Normalizer)
        {
            KeyHeads = _options.KeyHeads,
            Weighting = _options.Weighting,
            Scale = _options.Scale,
            Dropout = context.Dropout($"{_path}.attention_dropout", _options.Dropout),
        };
        return Attention.Apply(
            tape, scores?.Queries, scores?.Keys, values, _positionBias?.Variable, _timeBias?.Variable, layout, setting, power);
    }
}
