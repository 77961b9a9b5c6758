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

    /// <param name="path">The dropout's place begins with it.</param>
    /// <exception cref="ArgumentException">An option is impossible.</exception>
    public RelativeAttention(Device device, AttentionOptions options, string path, ulong seed)
    {
        options.Validate();
        (_options, _path) = (options, path);
        _timeBias = RegisterOptional(device, options.TimeBias, Shape.Vector(TimeBuckets.Count), seed);
        _positionBias = RegisterOptional(device, options.PositionBias, Shape.Vector((2 * options.Normalizer) - 1), seed);
    }

    /// <summary>2·pairs·(columns of queries and outputs).</summary>
    public double ForwardFlops(TokenCounts counts) => 2.0 * counts.Pairs * (_options.QueryWidth + _options.OutputWidth);

    /// <param name="queries">[T, H·dqk].</param>
    /// <param name="keys">[T, G·dqk].</param>
    /// <param name="values">[T, G·dv].</param>
    /// <returns>[T, H·dv], or with channels three times that.</returns>
    public Variable Forward(ForwardContext context, Variable queries, Variable keys, Variable values, JaggedLayout layout)
    {
        var tape = context.Tape;
        if (_options.RotaryTheta is { } theta)
        {
            queries = Rotate.Apply(tape, queries, layout, _options.Heads, theta);
            keys = Rotate.Apply(tape, keys, layout, _options.KeyHeads == 0 ? _options.Heads : _options.KeyHeads, theta);
        }

        if (_options.HasChannels)
        {
            return ChannelAttention.Apply(
                tape, queries, keys, values, _positionBias!.Variable, _timeBias!.Variable, layout, _options.Heads, _options.Normalizer);
        }

        var setting = new AttentionSetting(_options.Heads, _options.Normalizer)
        {
            KeyHeads = _options.KeyHeads,
            Weighting = _options.Weighting,
            Scale = _options.Scale,
            Dropout = context.Dropout($"{_path}.attention_dropout", _options.Dropout),
        };
        return Attention.Apply(tape, queries, keys, values, _positionBias?.Variable, _timeBias?.Variable, layout, setting);
    }
}
