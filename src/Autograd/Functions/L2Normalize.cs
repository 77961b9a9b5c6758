using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>y = x/max(‖x‖, epsilon) a row. Its Jacobian is applied once a row, however often a row was used.</summary>
public sealed class L2Normalize : SingleOutputFunction
{
    private readonly Variable _x;
    private readonly float _epsilon;

    private L2Normalize(Variable x, float epsilon) => (_x, _epsilon) = (x, epsilon);

    public override string Name => "l2 normalise";

    /// <param name="x">[T, D].</param>
    public static Variable Apply(Tape tape, Variable x, float epsilon)
    {
        var y = tape.Device.Allocate(x.Shape);
        tape.Device.Normalization.L2Normalize(x.Value, epsilon, y);
        return tape.Record(new L2Normalize(x, epsilon), y, x);
    }

    protected override void Backward(Tensor dOutput) => Device.Normalization.L2NormalizeBackward(_x.Value, _epsilon, dOutput, Target(_x));
}
