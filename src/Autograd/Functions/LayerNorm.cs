using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>y = (x − mean)/sqrt(variance + epsilon) a row, without an affine part.</summary>
public sealed class LayerNorm : SingleOutputFunction
{
    private readonly Variable _x;
    private readonly float _epsilon;

    private LayerNorm(Variable x, float epsilon) => (_x, _epsilon) = (x, epsilon);

    public override string Name => "layer norm";

    /// <param name="x">[T, D].</param>
    public static Variable Apply(Tape tape, Variable x, float epsilon)
    {
        var y = tape.Device.Allocate(x.Shape);
        tape.Device.Normalization.LayerNorm(x.Value, epsilon, y);
        return tape.Record(new LayerNorm(x, epsilon), y, x);
    }

    protected override void Backward(Tensor dOutput) => Device.Normalization.LayerNormBackward(_x.Value, _epsilon, dOutput, Target(_x));
}
