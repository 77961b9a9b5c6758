using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>Matrix products with everything that can be done to a value on its way out.</summary>
public abstract class ProductOperations(Device device)
{
    /// <summary>
    /// output = activation(op(a)·op(b) [+ output before] [+ bias]) [+ residual], where op is the matrix or its transpose.
    /// </summary>
    /// <param name="a">op(a): [M, K].</param>
    /// <param name="transposeA">a is given as [K, M].</param>
    /// <param name="b">op(b): [K, N].</param>
    /// <param name="transposeB">b is given as [N, K].</param>
    /// <param name="output">[M, N]; must not overlap a or b.</param>
    /// <param name="epilogue">What happens to the sums.</param>
    /// <exception cref="ArgumentException">Shapes or devices do not fit.</exception>
    public void Multiply<TActivation>(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor output, in ProductEpilogue epilogue)
        where TActivation : struct, IPointwiseFunction
    {
        const string Operation = "product";
        Check.Arrays(Operation, device, a, b, output, epilogue.Bias, epilogue.PreActivation, epilogue.Residual);
        var (m, k) = transposeA ? (a.Columns, a.Rows) : (a.Rows, a.Columns);
        var (kOfB, n) = transposeB ? (b.Columns, b.Rows) : (b.Rows, b.Columns);
        Check.That(
            k == kOfB,
            Operation,
            $"a {a.Shape}{(transposeA ? " transposed" : "")} and b {b.Shape}{(transposeB ? " transposed" : "")} differ in the dimension that is summed ({k} and {kOfB})");
        Check.Extent(Operation, "output", output, m, n);
        if (epilogue.Bias is { } bias)
        {
            Check.That(bias.Rows == 1 && bias.Columns == n, Operation, $"bias {bias.Shape} must be a row of {n}");
        }

        if (epilogue.PreActivation is { } preActivation)
        {
            Check.SameShape(Operation, "pre-activation", preActivation, "output", output);
        }

        if (epilogue.Residual is { } residual)
        {
            Check.SameShape(Operation, "residual", residual, "output", output);
        }

        MultiplyCore<TActivation>(a, transposeA, b, transposeB, output, epilogue);
    }

    /// <summary>output = op(a)·op(b), added to what output holds if <paramref name="accumulate"/>.</summary>
    public void Multiply(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor output, bool accumulate = false) =>
        Multiply<Identity>(a, transposeA, b, transposeB, output, new ProductEpilogue { Accumulate = accumulate });

    protected abstract void MultiplyCore<TActivation>(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor output, in ProductEpilogue epilogue)
        where TActivation : struct, IPointwiseFunction;
}
