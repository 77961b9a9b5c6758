using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>Cuts a matrix into column slices, as views. Their gradients are views too, of one gradient of the whole: nothing is copied either way.</summary>
public sealed class SplitColumns : Function
{
    private readonly Variable _x;
    private Tensor? _gradient;

    private SplitColumns(Variable x) => _x = x;

    public override string Name => "split columns";

    internal override bool OwnsOutputs => false;

    /// <param name="x">[T, sum of the widths].</param>
    /// <param name="widths">Columns of each slice, in order.</param>
    public static Variable[] Apply(Tape tape, Variable x, params ReadOnlySpan<int> widths)
    {
        var function = new SplitColumns(x);
        var requiresGradient = tape.RequiresGradient(function, x);
        var slices = new Variable[widths.Length];
        var start = 0;
        for (var i = 0; i < slices.Length; i++)
        {
            slices[i] = Variable.OfFunction(x.Value.SliceColumns(start, widths[i]), requiresGradient, new Variable.SplitHome(function, start));
            start += widths[i];
        }

        if (start != x.Shape.Columns)
        {
            throw new ArgumentException($"split columns: the widths sum to {start}, x {x.Shape} has {x.Shape.Columns} columns");
        }

        return tape.Record(function, slices, x);
    }

    internal Tensor GradientOf(Variable.SplitHome home)
    {
        _gradient ??= Device.Allocate(_x.Shape);
        var slice = Outputs.First(o => ReferenceEquals(o.Home, home));
        return _gradient.SliceColumns(home.Start, slice.Shape.Columns);
    }

    internal override void BackwardAll(IReadOnlyList<Tensor?> dOutputs)
    {
        for (var i = 0; i < dOutputs.Count; i++)
        {
            if (dOutputs[i] is null)
            {
                Device.Pointwise.Fill(_gradient!.SliceColumns(Outputs[i].Home!.Start, Outputs[i].Shape.Columns), 0);
            }
        }

        if (!_x.Adopt(_gradient!))
        {
            Device.Release(_gradient!);
        }
    }
}
