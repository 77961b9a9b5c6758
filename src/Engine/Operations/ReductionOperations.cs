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

    /// <summary>
    /// Σ x² over all values of some tensors, with one wait for the device: sums within a chunk in float32, chunks added in their order and then tensors in
    /// theirs in float64, so the bits do not depend on threads. Values of more than about 1e17 overflow: the result is infinite then, and NaN where one holds
    /// NaN.
    /// </summary>
    public double SumOfSquares(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            Check.Arrays("sum of squares", device, tensor);
        }

        return SumOfSquaresCore(tensors);
    }

    protected abstract void SumRowsCore(Tensor x, GradientTarget output);

    protected abstract bool AllFiniteCore(Tensor x);

    protected abstract double SumOfSquaresCore(ReadOnlySpan<Tensor> tensors);
}
