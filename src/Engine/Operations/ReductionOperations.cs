using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>Sums and checks over a whole tensor, in a fixed order.</summary>
public abstract class ReductionOperations(Device device)
{
    /// <summary>output (+)= the sum of x's rows: the gradient of a bias.</summary>
    /// <param name="x">[T, D].</param>
    /// <param name="output">A row of D.</param>
    public void SumRows(Tensor x, GradientTarget output)
    {
        Check.Arrays("sum rows", device, x, output.Tensor);
        if (output.Tensor is { } sum)
        {
            Check.Extent("sum rows", "output", sum, 1, x.Columns);
            SumRowsCore(x, output);
        }
    }

    /// <summary>Whether every value is finite: neither NaN nor infinite.</summary>
    public bool AllFinite(Tensor x)
    {
        Check.Arrays("all finite", device, x);
        return AllFiniteCore(x);
    }

    protected abstract void SumRowsCore(Tensor x, GradientTarget output);

    protected abstract bool AllFiniteCore(Tensor x);
}
