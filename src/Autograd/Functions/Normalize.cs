using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>A layer norm, a norm by the root mean square or a group norm; the formula is <see cref="NormalizationOperations.Normalize"/>'s.</summary>
public sealed class Normalize : SingleOutputFunction
{
    private readonly NormKind _kind;
    private readonly Variable _x;
    private readonly float _epsilon;
    private readonly int _groups;
    private readonly Variable? _weight;
    private readonly Variable? _bias;

    private Normalize(NormKind kind, Variable x, float epsilon, int groups, Variable? weight, Variable? bias) =>
        (_kind, _x, _epsilon, _groups, _weight, _bias) = (kind, x, epsilon, groups, weight, bias);

    public override string Name => "normalise";

    /// <param name="x">[T, D].</param>
    /// <param name="groups">Groups of columns, each normalised by itself.</param>
    /// <param name="weight">[D], or one a group; none for 1.</param>
    /// <param name="bias">Likewise, none for 0.</param>
    public static Variable Apply(Tape tape, NormKind kind, Variable x, float epsilon, int groups = 1, Variable? weight = null, Variable? bias = null)
    {
        var y = tape.Device.Allocate(x.Shape);
        tape.Device.Normalization.Normalize(kind, x.Value, epsilon, groups, weight?.Value, bias?.Value, y);
        return tape.Record(new Normalize(kind, x, epsilon, groups, weight, bias), y, x, weight, bias);
    }

    protected override void Backward(Tensor dOutput) => Device.Normalization.NormalizeBackward(
        _kind, _x.Value, _epsilon, _groups, _weight?.Value, _bias?.Value, dOutput, Target(_x), TargetOrNone(_weight), TargetOrNone(_bias));
}
