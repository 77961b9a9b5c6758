using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;
using LargeRec.Models.Backbones;

namespace LargeRec.Models.Layers;

/// <summary>
/// The research layer of HSTU (generative-recommenders, SequentialTransductionUnitJagged):
/// [U, V, Q, K] = SiLU(LayerNorm(x)·W); O = attention(Q, K, V); y = dropout(U·LayerNorm(O))·Woᵀ + bo + x.
/// </summary>
public sealed class HstuLayer : Module
{
    private const float Epsilon = 1e-6f;

    private readonly HstuOptions _options;
    private readonly string _path;
    private readonly Parameter _uvqk;
    private readonly Parameter _outputWeight;
    private readonly Parameter _outputBias;
    private readonly Parameter? _timeBias;
    private readonly Parameter? _positionBias;

    public HstuLayer(Device device, HstuOptions options, string path, ulong seed)
    {
        (_options, _path) = (options, path);
        var (valueWidth, queryWidth) = (options.Heads * options.Dv, options.Heads * options.Dqk);
        var gatedWidth = options.ConcatUa ? 3 * valueWidth : valueWidth;
        _uvqk = Register(Parameter.Create(
            device, $"{path}._uvqk", Shape.Matrix(options.Width, (2 * valueWidth) + (2 * queryWidth)), Initializer.Normal(0.02), seed));
        _outputWeight = Register(Parameter.Create(
            device, $"{path}._o.weight", Shape.Matrix(options.Width, gatedWidth), Initializer.XavierUniform(gatedWidth, options.Width), seed));
        _outputBias = Register(Parameter.Create(
            device, $"{path}._o.bias", Shape.Vector(options.Width), Initializer.Uniform(1 / Math.Sqrt(gatedWidth)), seed));
        if (options.Bias.HasFlag(AttentionBias.Time))
        {
            _timeBias = Register(Parameter.Create(
                device, $"{path}._rel_attn_bias._ts_w", Shape.Vector(TimeBuckets.Count), Initializer.Normal(0.02), seed));
        }

        if (options.Bias.HasFlag(AttentionBias.Position))
        {
            _positionBias = Register(Parameter.Create(
                device, $"{path}._rel_attn_bias._pos_w", Shape.Vector((2 * options.PaddedLength) - 1), Initializer.Normal(0.02), seed));
        }
    }

    /// <param name="x">[T, D].</param>
    /// <returns>[T, D].</returns>
    public Variable Forward(ForwardContext context, Variable x, JaggedLayout layout)
    {
        var tape = context.Tape;
        var (valueWidth, queryWidth) = (_options.Heads * _options.Dv, _options.Heads * _options.Dqk);
        var normalized = LayerNorm.Apply(tape, x, Epsilon);
        var uvqk = Projection<Silu>.Apply(tape, normalized, _uvqk.Variable);
        var parts = SplitColumns.Apply(tape, uvqk, valueWidth, valueWidth, queryWidth, queryWidth);
        var (gate, values, queries, keys) = (parts[0], parts[1], parts[2], parts[3]);
        var attended = HstuAttention.Apply(
            tape, queries, keys, values, _positionBias?.Variable, _timeBias?.Variable, layout, _options.Heads, _options.PaddedLength);
        var gated = GatedLayerNorm.Apply(
            tape, gate, attended, Epsilon, _options.ConcatUa, context.Dropout($"{_path}.dropout", _options.Dropout));
        return Linear.Apply(tape, gated, _outputWeight.Variable, _outputBias.Variable, residual: x);
    }
}
