using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Layers;

/// <summary>
/// [U, V, Q, K] = SiLU(x·W + b); O = attention(Q, K, V); residual + dropout(gate(U, n(O)))·Woᵀ + bo: the mixer of HSTU's layers and of FuXi-α's. Queries come
/// of the same rows as keys.
/// </summary>
public sealed class GatedMixer : Mixer
{
    private readonly GatedMixerOptions _options;
    private readonly string _path;
    private readonly Parameter _projection;
    private readonly Parameter? _projectionBias;
    private readonly Norm _norm;
    private readonly Parameter _output;
    private readonly Parameter? _outputBias;
    private readonly RelativeAttention _attention;

    /// <param name="width">D.</param>
    /// <exception cref="ArgumentException">An option is impossible.</exception>
    public GatedMixer(Device device, GatedMixerOptions options, int width, string path, ulong seed)
    {
        (_options, _path) = (options, path);
        var gated = options.GatedWidth;
        _projection = Register(device, options.Projection, Shape.Matrix(width, options.ProjectionWidth), seed);
        _projectionBias = RegisterOptional(device, options.ProjectionBias, Shape.Vector(options.ProjectionWidth), seed);
        _output = Register(device, options.Output, options.OutputFromRight ? Shape.Matrix(gated, width) : Shape.Matrix(width, gated), seed);
        _outputBias = RegisterOptional(device, options.OutputBias, Shape.Vector(width), seed);
        _norm = Register(new Norm(device, options.OutputNorm, options.Attention.OutputWidth, seed));
        _attention = Register(new RelativeAttention(device, options.Attention, path, seed));
    }

    public override double ForwardFlops(TokenCounts counts) =>
        (2.0 * counts.Tokens * (_projection.Shape.Count + _output.Shape.Count)) + _attention.ForwardFlops(counts);

    public override Variable Forward(ForwardContext context, Variable queries, Variable x, JaggedLayout layout, Variable residual, Variable? gate)
    {
        var tape = context.Tape;
        var a = _options.Attention;
        var all = _options.Activation == ProjectionActivation.All
            ? Projection<Silu>.Apply(tape, x, _projection.Variable, _projectionBias?.Variable)
            : Projection<Identity>.Apply(tape, x, _projection.Variable, _projectionBias?.Variable);
        var hasGate = _options.Gate != GateKind.None;
        var parts = (hasGate, a.HasScores) switch
        {
            (true, true) => SplitColumns.Apply(tape, all, _options.GateWidth, a.ValueWidth, a.QueryWidth, a.KeyWidth),
            (true, false) => SplitColumns.Apply(tape, all, _options.GateWidth, a.ValueWidth),
            (false, true) => SplitColumns.Apply(tape, all, a.ValueWidth, a.QueryWidth, a.KeyWidth),
            (false, false) => [all],
        };
        var u = !hasGate ? null : _options.Activation == ProjectionActivation.GateOnly ? Activate<Silu>.Apply(tape, parts[0]) : parts[0];
        var vqk = hasGate ? parts.AsSpan(1) : parts;
        var attended = _attention.Forward(context, a.HasScores ? (vqk[1], vqk[2]) : null, vqk[0], layout);
        return Finish(tape, Gated(tape, u, attended, context.Dropout($"{_path}.dropout", _options.Dropout)), residual, gate);
    }

    private Variable Gated(Tape tape, Variable? u, Variable attended, DropoutSite dropout)
    {
        if (_norm.IsPlain && _options.Gate is GateKind.Product or GateKind.Concatenate)
        {
            return GatedLayerNorm.Apply(tape, u!, attended, _norm.Epsilon, _options.Gate == GateKind.Concatenate, dropout);
        }

        var normalized = _norm.Forward(tape, attended);
        if (_options.Gate == GateKind.None)
        {
            return Dropout.Apply(tape, normalized, dropout);
        }

        var product = Gate<Identity>.Apply(tape, u!, normalized);
        var seen = _options.Gate switch
        {
            GateKind.Concatenate => Concatenate.Apply(tape, u!, normalized, product),
            GateKind.ConcatenateRaw => Concatenate.Apply(tape, u!, attended, product),
            _ => product,
        };
        return Dropout.Apply(tape, seen, dropout);
    }

    private Variable Finish(Tape tape, Variable gated, Variable residual, Variable? gate)
    {
        if (!_options.OutputFromRight)
        {
            return Residual.Add(tape, residual, gated, _output.Variable, _outputBias?.Variable, gate, DropoutSite.None);
        }

        var y = Projection<Identity>.Apply(tape, gated, _output.Variable, _outputBias?.Variable);
        return Dropout.AddTo(tape, residual, gate is null ? y : Gate<Sigmoid>.Apply(tape, gate, y), DropoutSite.None);
    }
}
