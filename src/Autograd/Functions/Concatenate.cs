using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>Matrices side by side.</summary>
public sealed class Concatenate : SingleOutputFunction
{
    private readonly Variable[] _parts;

    private Concatenate(Variable[] parts) => _parts = parts;

    public override string Name => "concatenate";

    /// <param name="parts">[T, W] each; widths may differ.</param>
    /// <returns>[T, the sum of the widths].</returns>
    public static Variable Apply(Tape tape, params Variable[] parts)
    {
        var y = tape.Device.Allocate(Shape.Matrix(parts[0].Shape.Rows, parts.Sum(p => p.Shape.Columns)));
        var start = 0;
        foreach (var part in parts)
        {
            tape.Device.Pointwise.Copy(part.Value, y.SliceColumns(start, part.Shape.Columns));
            start += part.Shape.Columns;
        }

        return tape.Record(new Concatenate(parts), y, parts);
    }

    protected override void Backward(Tensor dOutput)
    {
        var start = 0;
        foreach (var part in _parts)
        {
            if (Target(part) is { Tensor: { } gradient } target)
            {
                var slice = dOutput.SliceColumns(start, part.Shape.Columns);
                if (target.Accumulate)
                {
                    Device.Pointwise.Add(slice, gradient);
                }
                else
                {
                    Device.Pointwise.Copy(slice, gradient);
                }
            }

            start += part.Shape.Columns;
        }
    }
}
