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

    /// <summary>2·T·D·(2·H·dv + 2·H·dqk) for U, V, Q and K, 2·pairs·H·(dqk + dv) for attention, 2·T·(gated columns)·D for the output.</summary>
    public double ForwardFlops(TokenCounts counts)
    {
        var products = (double)_uvqk.Shape.Count + _outputWeight.Shape.Count;
        return (2 * counts.Tokens * products) + (2.0 * counts.Pairs * _options.Heads * (_options.Dqk + _options.Dv));
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

    /// <summary><see cref="Forward"/> for the last R rows of one sequence of n rows, of whose others the keys and values are known; without dropout or a
    /// tape.</summary>
    /// <param name="x">[R, D].</param>
    /// <param name="keys">[n, H·dqk]; the last R rows are written.</param>
    /// <param name="values">[n, H·dv]; likewise.</param>
    /// <param name="layout">Of the R rows as a sequence; with times where R = n.</param>
    /// <param name="eventSeconds">[n], or empty.</param>
    /// <param name="nextSeconds">[R], or empty.</param>
    /// <param name="lastRowOnly">Whether nobody reads the other rows of the result.</param>
    /// <returns>[R, D], or [1, D] if only the last row is read.</returns>
    internal Tensor Continue(
        Device device,
        Tensor x,
        Tensor keys,
        Tensor values,
        JaggedLayout layout,
        ReadOnlySpan<int> eventSeconds,
        ReadOnlySpan<int> nextSeconds,
        bool lastRowOnly)
    {
        var (rows, known) = (x.Rows, keys.Rows - x.Rows);
        var (valueWidth, queryWidth) = (_options.Heads * _options.Dv, _options.Heads * _options.Dqk);
        var normalized = device.Allocate(x.Shape);
        device.Normalization.LayerNorm(x, Epsilon, normalized);
        var uvqk = device.Allocate(Shape.Matrix(rows, _uvqk.Shape.Columns));
        device.Products.Multiply<Silu>(normalized, false, _uvqk.Value, false, uvqk, default);
        device.Pointwise.Copy(uvqk.SliceColumns(valueWidth, valueWidth), values.SliceRows(known, rows));
        device.Pointwise.Copy(uvqk.SliceColumns((2 * valueWidth) + queryWidth, queryWidth), keys.SliceRows(known, rows));
        if (lastRowOnly)
        {
            (x, uvqk) = (x.SliceRows(rows - 1, 1), uvqk.SliceRows(rows - 1, 1));
            nextSeconds = nextSeconds.IsEmpty ? [] : nextSeconds[^1..];
        }

        var inputs = new HstuAttentionInputs(
            uvqk.SliceColumns(2 * valueWidth, queryWidth), keys, values, _options.Heads, _options.PaddedLength, _positionBias?.Value, _timeBias?.Value);
        var attended = device.Allocate(Shape.Matrix(x.Rows, valueWidth));
        if (x.Rows == keys.Rows)
        {
            device.Attention.Hstu(inputs, layout, attended);
        }
        else
        {
            device.Attention.HstuTail(inputs, eventSeconds, nextSeconds, attended);
        }

        var gated = device.Allocate(Shape.Matrix(x.Rows, _outputWeight.Shape.Columns));
        device.Normalization.GatedLayerNorm(uvqk.SliceColumns(0, valueWidth), attended, Epsilon, _options.ConcatUa, DropoutSite.None, gated);
        var y = device.Allocate(x.Shape);
        device.Products.Multiply<Identity>(gated, false, _outputWeight.Value, true, y, new ProductEpilogue { Bias = _outputBias.Value, Residual = x });
        return y;
    }
}
