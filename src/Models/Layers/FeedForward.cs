using System.Diagnostics;
using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Layers;

/// <summary>y = residual + dropout(gate·(W₂·dropout(f(W₁z [, W₃z])) + b₂)) with z = dropout(x): the part of a block that looks at each row by itself.</summary>
public sealed class FeedForward : Module
{
    private readonly FeedForwardOptions _options;
    private readonly string _path;
    private readonly Parameter _first;
    private readonly Parameter? _firstBias;
    private readonly Parameter? _second;
    private readonly Parameter _last;
    private readonly Parameter? _lastBias;

    /// <param name="width">D.</param>
    /// <param name="path">The dropouts' places begin with it.</param>
    /// <exception cref="ArgumentException">SwiGLU without its second weight.</exception>
    public FeedForward(Device device, FeedForwardOptions options, int width, string path, ulong seed)
    {
        if (options.Kind == FeedForwardKind.SwiGlu && options.Second is null)
        {
            throw new ArgumentException($"feed-forward: {path} is SwiGLU and has no second weight");
        }

        (_options, _path) = (options, path);
        _first = Register(device, options.First, Shape.Matrix(options.Width, width), seed);
        _firstBias = RegisterOptional(device, options.FirstBias, Shape.Vector(options.Width), seed);
        _last = Register(device, options.Last, Shape.Matrix(width, options.Width), seed);
        _lastBias = RegisterOptional(device, options.LastBias, Shape.Vector(width), seed);
        _second = RegisterOptional(device, options.Second, Shape.Matrix(options.Width, width), seed);
    }

    /// <summary>2·T·D·F for each weight.</summary>
    public double ForwardFlops(TokenCounts counts) => 2.0 * counts.Tokens * (_first.Shape.Count + _last.Shape.Count + (_second?.Shape.Count ?? 0));

    /// <param name="x">[T, D].</param>
    /// <param name="residual">[T, D].</param>
    /// <param name="gate">What the sum is multiplied with before it is added: [T, D], or none.</param>
    public Variable Forward(ForwardContext context, Variable x, Variable residual, Variable? gate = null)
    {
        var tape = context.Tape;
        x = Dropout.Apply(tape, x, context.Dropout($"{_path}.input_dropout", _options.InputDropout));
        var inner = Dropout.Apply(tape, Inner(tape, x), context.Dropout($"{_path}.inner_dropout", _options.InnerDropout));
        return Residual.Add(
            tape, residual, inner, _last.Variable, _lastBias?.Variable, gate, context.Dropout($"{_path}.output_dropout", _options.OutputDropout));
    }

    private Variable Inner(Tape tape, Variable x) => _options.Kind switch
    {
        FeedForwardKind.Relu => Linear<Relu>.Apply(tape, x, _first.Variable, _firstBias?.Variable),
        FeedForwardKind.Gelu => Linear<Gelu>.Apply(tape, x, _first.Variable, _firstBias?.Variable),
        FeedForwardKind.SwiGlu => Gate<Silu>.Apply(
            tape, Linear.Apply(tape, x, _first.Variable, _firstBias?.Variable), Linear.Apply(tape, x, _second!.Variable)),
        _ => throw new UnreachableException(),
    };
}
