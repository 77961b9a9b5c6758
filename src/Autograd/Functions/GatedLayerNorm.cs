using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>HSTU's gate: y = dropout(gate·LayerNorm(x)), or dropout([gate, a, gate·a]) with a = LayerNorm(x), in one pass.</summary>
public sealed class GatedLayerNorm : SingleOutputFunction
{
    private readonly Variable _gate;
    private readonly Variable _x;
    private readonly float _epsilon;
    private readonly bool _concatenate;
    private readonly DropoutSite _dropout;

    private GatedLayerNorm(Variable gate, Variable x, float epsilon, bool concatenate, DropoutSite dropout) =>
        (_gate, _x, _epsilon, _concatenate, _dropout) = (gate, x, epsilon, concatenate, dropout);

    public override string Name => "gated layer norm";

    /// <param name="gate">[T, W].</param>
    /// <param name="x">[T, W].</param>
    public static Variable Apply(Tape tape, Variable gate, Variable x, float epsilon, bool concatenate, DropoutSite dropout)
    {
        var y = tape.Device.Allocate(Shape.Matrix(x.Shape.Rows, concatenate ? 3 * x.Shape.Columns : x.Shape.Columns));
        tape.Device.Normalization.GatedLayerNorm(gate.Value, x.Value, epsilon, concatenate, dropout, y);
        return tape.Record(new GatedLayerNorm(gate, x, epsilon, concatenate, dropout), y, gate, x);
    }

    protected override void Backward(Tensor dOutput) => Device.Normalization.GatedLayerNormBackward(
        _gate.Value, _x.Value, _epsilon, _concatenate, _dropout, dOutput, Target(_gate), Target(_x));
}
