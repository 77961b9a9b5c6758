using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Layers;

/// <summary>residual + dropout(attention(queries·Wqᵀ, x·Wkᵀ, x·Wvᵀ)·Woᵀ): multi-head attention of Transformers (Vaswani et al., 2017).</summary>
public sealed class MultiHeadMixer : Mixer
{
    private readonly MultiHeadOptions _options;
    private readonly string _path;
    private readonly RelativeAttention _attention;
    private readonly Parameter? _packed;
    private readonly Parameter? _packedBias;
    private readonly Parameter? _query;
    private readonly Parameter? _key;
    private readonly Parameter? _value;
    private readonly Parameter? _output;
    private readonly Parameter? _outputBias;

    /// <param name="width">D.</param>
    /// <exception cref="ArgumentException">Options are missing or impossible.</exception>
    public MultiHeadMixer(Device device, MultiHeadOptions options, int width, string path, ulong seed)
    {
        (_options, _path) = (options, path);
        var a = options.Attention;
        if (options.Packed is { } packed)
        {
            var columns = a.QueryWidth + a.KeyWidth + a.ValueWidth;
            _packed = Register(device, packed, Shape.Matrix(columns, width), seed);
            _packedBias = Register(device, Given(options.PackedBias, "packed bias"), Shape.Vector(columns), seed);
        }
        else
        {
            _query = Register(device, Given(options.Query, "weight of queries"), Shape.Matrix(a.QueryWidth, width), seed);
            _key = Register(device, Given(options.Key, "weight of keys"), Shape.Matrix(a.KeyWidth, width), seed);
            _value = Register(device, Given(options.Value, "weight of values"), Shape.Matrix(a.ValueWidth, width), seed);
        }

        if (options.Output is null && a.OutputWidth != width)
        {
            throw new ArgumentException($"multi-head attention: without an output weight {a.Heads} heads of dv {a.Dv} must make up the width {width}");
        }

        _output = RegisterOptional(device, options.Output, Shape.Matrix(width, a.OutputWidth), seed);
        _outputBias = RegisterOptional(device, options.OutputBias, Shape.Vector(width), seed);
        _attention = Register(new RelativeAttention(device, a, path, seed));
    }

    public override double ForwardFlops(TokenCounts counts)
    {
        double products = new[] { _packed, _query, _key, _value, _output }.Sum(p => p?.Shape.Count ?? 0);
        return (2 * counts.Tokens * products) + _attention.ForwardFlops(counts);
    }

    public override Variable Forward(ForwardContext context, Variable queries, Variable x, JaggedLayout layout, Variable residual, Variable? gate)
    {
        var tape = context.Tape;
        var (q, k, v) = Project(tape, queries, x);
        var attended = _attention.Forward(context, (q, k), v, layout);
        var dropout = context.Dropout($"{_path}.dropout", _options.Dropout);
        if (_output is not null)
        {
            return Residual.Add(tape, residual, attended, _output.Variable, _outputBias?.Variable, gate, dropout);
        }

        var gated = gate is null ? attended : Gate<Sigmoid>.Apply(tape, gate, attended);
        return Dropout.AddTo(tape, residual, gated, dropout);
    }

    private (Variable Q, Variable K, Variable V) Project(Tape tape, Variable queries, Variable x)
    {
        if (_packed is null)
        {
            return (Linear.Apply(tape, queries, _query!.Variable), Linear.Apply(tape, x, _key!.Variable), Linear.Apply(tape, x, _value!.Variable));
        }

        var a = _options.Attention;
        var packed = ReferenceEquals(queries, x)
            ? Linear.Apply(tape, x, _packed.Variable, _packedBias!.Variable)
            : PackedLinear.Apply(tape, queries, x, _packed.Variable, _packedBias!.Variable, a.QueryWidth);
        var parts = SplitColumns.Apply(tape, packed, a.QueryWidth, a.KeyWidth, a.ValueWidth);
        return (parts[0], parts[1], parts[2]);
    }

    private static ParameterSetting Given(ParameterSetting? setting, string name) =>
        setting ?? throw new ArgumentException($"multi-head attention: there is no {name}");
}
