using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <content>Normalisation of either kind with learned factors and shifts.</content>
public abstract partial class NormalizationOperations
{
    private const string NormalizeName = "normalise";
    private const string NormalizeBackwardName = "normalise backward";

    /// <summary>
    /// y = n·weight + bias, n the row normalised by itself: (x − mean)/sqrt(variance + epsilon), or x/sqrt(mean of x² + epsilon). The variance is over D, not D
    /// − 1. With G groups, each group of D/G neighbouring columns is a row of its own (group norm; a head's outputs, say).
    /// </summary>
    /// <param name="x">[T, D].</param>
    /// <param name="groups">G, a divisor of D.</param>
    /// <param name="weight">A row of D, or of G: a factor a group; none for 1.</param>
    /// <param name="bias">Likewise, none for 0.</param>
    /// <param name="y">[T, D]; may be x.</param>
    /// <exception cref="NotSupportedException">The device has only the layer norm without weight, bias and groups.</exception>
    public void Normalize(NormKind kind, Tensor x, float epsilon, int groups, Tensor? weight, Tensor? bias, Tensor y)
    {
        Check.Arrays(NormalizeName, device, x, weight, bias, y);
        Check.SameShape(NormalizeName, "x", x, "y", y);
        CheckAffine(NormalizeName, x, groups, weight, bias);
        if (kind == NormKind.Layer && groups == 1 && weight is null && bias is null)
        {
            LayerNormCore(x, epsilon, y);
        }
        else
        {
            NormalizeCore(kind, x, epsilon, groups, weight, bias, y);
        }
    }

    /// <summary>
    /// The gradients of <see cref="Normalize"/>: with g = dy·weight and r the row's factor, dx (+)= r·(g − mean(g) − n·mean(g·n)), for the root mean square
    /// without mean(g); dweight (+)= Σ dy·n and dbias (+)= Σ dy over the rows (and over a group's columns where there is one value a group), in a fixed order.
    /// dx may be dy.
    /// </summary>
    public void NormalizeBackward(
        NormKind kind, Tensor x, float epsilon, int groups, Tensor? weight, Tensor? bias, Tensor dy, GradientTarget dx, GradientTarget dWeight,
        GradientTarget dBias)
    {
        const string Operation = NormalizeBackwardName;
        Check.Arrays(Operation, device, x, weight, bias, dy, dx.Tensor, dWeight.Tensor, dBias.Tensor);
        Check.SameShape(Operation, "x", x, "dy", dy);
        CheckAffine(Operation, x, groups, weight, bias);
        Check.Target(Operation, "x", dx, x);
        CheckAffineTarget(Operation, "weight", dWeight, weight);
        CheckAffineTarget(Operation, "bias", dBias, bias);
        if (kind == NormKind.Layer && groups == 1 && weight is null && bias is null)
        {
            if (dx.IsWanted)
            {
                LayerNormBackwardCore(x, epsilon, dy, dx);
            }
        }
        else if (dx.IsWanted || dWeight.IsWanted || dBias.IsWanted)
        {
            NormalizeBackwardCore(kind, x, epsilon, groups, weight, dy, dx, dWeight, dBias);
        }
    }

    protected virtual void NormalizeCore(NormKind kind, Tensor x, float epsilon, int groups, Tensor? weight, Tensor? bias, Tensor y) =>
        throw Check.Unsupported(NormalizeName, device);

    protected virtual void NormalizeBackwardCore(
        NormKind kind, Tensor x, float epsilon, int groups, Tensor? weight, Tensor dy, GradientTarget dx, GradientTarget dWeight, GradientTarget dBias) =>
        throw Check.Unsupported(NormalizeBackwardName, device);

    private static void CheckAffine(string operation, Tensor x, int groups, Tensor? weight, Tensor? bias)
    {
        Check.That(groups > 0 && x.Columns % groups == 0, operation, $"x {x.Shape} cannot be split into {groups} groups");
        foreach (var (name, value) in (ReadOnlySpan<(string, Tensor?)>)[("weight", weight), ("bias", bias)])
        {
            Check.That(
                value is null || (value.Rows == 1 && (value.Columns == x.Columns || value.Columns == groups)),
                operation,
                $"{name} {value?.Shape} must be a row of {x.Columns}, or of {groups}: one a group");
        }

        Check.That(weight is null || bias is null || weight.Columns == bias.Columns, operation,
            $"weight {weight?.Shape} and bias {bias?.Shape} differ in columns");
    }

    private static void CheckAffineTarget(string operation, string name, GradientTarget target, Tensor? value)
    {
        if (target.IsWanted)
        {
            Check.That(value is not null, operation, $"a gradient of the {name} is asked for, but there is no {name}");
            Check.Target(operation, name, target, value);
        }
    }
}
