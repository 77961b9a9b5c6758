using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>Rotary positions; the formula is <see cref="Engine.Operations.AttentionOperations.Rotate"/>'s.</summary>
public sealed class Rotate : SingleOutputFunction
{
    private readonly Variable _x;
    private readonly JaggedLayout _layout;
    private readonly int _heads;
    private readonly float _theta;

    private Rotate(Variable x, JaggedLayout layout, int heads, float theta) => (_x, _layout, _heads, _theta) = (x, layout, heads, theta);

    public override string Name => "rotate";

    /// <param name="x">[T, H·d].</param>
    public static Variable Apply(Tape tape, Variable x, JaggedLayout layout, int heads, float theta)
    {
        var y = tape.Device.Allocate(x.Shape);
        tape.Device.Attention.Rotate(x.Value, layout, heads, theta, inverse: false, y);
        return tape.Record(new Rotate(x, layout, heads, theta), y, x);
    }

    protected override void Backward(Tensor dOutput)
    {
        Device.Attention.Rotate(dOutput, _layout, _heads, _theta, inverse: true, dOutput);
        Give(_x, dOutput);
    }
}
