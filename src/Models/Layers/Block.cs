using System.Diagnostics;
using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Layers;

/// <summary>The one block that every backbone is a setting of; what it computes is <see cref="ResidualPattern"/>'s.</summary>
public sealed class Block : Module
{
    private readonly BlockOptions _options;
    private readonly Norm _firstNorm;
    private readonly Norm? _secondNorm;
    private readonly Mixer _mixer;
    private readonly FeedForward? _feedForward;
    private readonly (Parameter Weight, Parameter Bias)? _mixerGate;
    private readonly (Parameter Weight, Parameter Bias)? _feedForwardGate;

    /// <exception cref="ArgumentException">Options do not fit each other.</exception>
    public Block(Device device, BlockOptions options, ulong seed)
    {
        var usesSecondNorm = options.FeedForward is not null || options.Residual == ResidualPattern.NormalizedQuery;
        if (usesSecondNorm != (options.SecondNorm is not null))
        {
            throw new ArgumentException(
                $"block: {options.Path} {(usesSecondNorm ? "needs a second norm" : "has a second norm and nothing that uses it")}; its residual pattern is "
                + $"{options.Residual}, {(options.FeedForward is null ? "without" : "with")} a feed-forward part");
        }

        _options = options;
        _mixer = Register(options.Mixer.Create(device, options.Width, options.Path, seed));
        _firstNorm = Register(new Norm(device, options.FirstNorm, options.Width, seed));
        _feedForward = options.FeedForward is { } feedForward ? Register(new FeedForward(device, feedForward, options.Width, options.Path, seed)) : null;
        _secondNorm = options.SecondNorm is { } norm ? Register(new Norm(device, norm, options.Width, seed)) : null;
        _mixerGate = RegisterGate(device, options.MixerGate, seed);
        _feedForwardGate = RegisterGate(device, options.FeedForwardGate, seed);
    }

    /// <summary>Floating-point operations of its products and its attention.</summary>
    public double ForwardFlops(TokenCounts counts)
    {
        var gates = (_mixerGate?.Weight.Shape.Count ?? 0) + (_feedForwardGate?.Weight.Shape.Count ?? 0);
        return _mixer.ForwardFlops(counts) + (_feedForward?.ForwardFlops(counts) ?? 0) + (2.0 * counts.Tokens * gates);
    }

    /// <param name="x">[T, D].</param>
    /// <returns>[T, D].</returns>
    public Variable Forward(ForwardContext context, Variable x, JaggedLayout layout)
    {
        var tape = context.Tape;
        switch (_options.Residual)
        {
            case ResidualPattern.PreNorm:
                {
                    var normalized = _firstNorm.Forward(tape, x);
                    var h = _mixer.Forward(context, normalized, normalized, layout, residual: x, Gate(tape, _mixerGate, x));
                    return _feedForward is null ? h : _feedForward.Forward(context, _secondNorm!.Forward(tape, h), residual: h,
                        Gate(tape, _feedForwardGate, h));
                }

            case ResidualPattern.PostNorm:
                {
                    var h = _firstNorm.Forward(tape, _mixer.Forward(context, x, x, layout, residual: x, Gate(tape, _mixerGate, x)));
                    return _feedForward is null ? h
                        : _secondNorm!.Forward(tape, _feedForward.Forward(context, h, residual: h, Gate(tape, _feedForwardGate, h)));
                }

            case ResidualPattern.NormalizedQuery:
                {
                    var query = _firstNorm.Forward(tape, x);
                    var h = _secondNorm!.Forward(tape, _mixer.Forward(context, query, x, layout, residual: query, Gate(tape, _mixerGate, x)));
                    return _feedForward is null ? h : _feedForward.Forward(context, h, residual: h, Gate(tape, _feedForwardGate, h));
                }

            default:
                throw new UnreachableException();
        }
    }

    private static Variable? Gate(Tape tape, (Parameter Weight, Parameter Bias)? gate, Variable x) =>
        gate is { } g ? Linear.Apply(tape, x, g.Weight.Variable, g.Bias.Variable) : null;

    private (Parameter Weight, Parameter Bias)? RegisterGate(Device device, LinearOptions? options, ulong seed) => options is null
        ? null
        : (Register(device, options.Weight, Shape.Matrix(_options.Width, _options.Width), seed),
            Register(device, options.Bias, Shape.Vector(_options.Width), seed));
}
