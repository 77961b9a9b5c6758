using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Layers;

/// <summary>A normalisation of rows; the formula is <see cref="NormalizationOperations.Normalize"/>'s.</summary>
public sealed class Norm : Module
{
    private readonly NormOptions _options;
    private readonly Parameter? _weight;
    private readonly Parameter? _bias;

    /// <param name="width">Columns.</param>
    public Norm(Device device, NormOptions options, int width, ulong seed)
    {
        _options = options;
        var shape = Shape.Vector(options.Groups > 1 ? options.Groups : width);
        _weight = RegisterOptional(device, options.Weight, shape, seed);
        _bias = RegisterOptional(device, options.Bias, shape, seed);
    }

    /// <summary>Whether it is the layer norm without weights that fused operations have within them.</summary>
    internal bool IsPlain => _options is { Kind: NormKind.Layer, Groups: 1, Weight: null, Bias: null };

    internal float Epsilon => _options.Epsilon;

    /// <param name="x">[T, D].</param>
    public Variable Forward(Tape tape, Variable x) => IsPlain
        ? LayerNorm.Apply(tape, x, Epsilon)
        : Normalize.Apply(tape, _options.Kind, x, Epsilon, _options.Groups, _weight?.Variable, _bias?.Variable);
}
