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
            $"a {a.Shape}{(transposeA ? " transposed" : "")} and b {b.Shape}{(transposeB ? " transposed" : "")} differ in the dimension that is summed "
            + $"({k} and {kOfB})");
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

        device.Count?.Add(Operation, 2.0 * m * k * n);
        MultiplyCore<TActivation>(a, transposeA, b, transposeB, output, epilogue);
    }

    /// <summary>output = op(a)·op(b), added to what output holds if <paramref name="accumulate"/>.</summary>
    public void Multiply(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor output, bool accumulate = false) =>
        Multiply<Identity>(a, transposeA, b, transposeB, output, new ProductEpilogue { Accumulate = accumulate });

    /// <summary>
    /// The backward of y = f(x·W), with z = x·W: dz = dy ⊙ f'(z), dx (+)= dz·Wᵀ, dW (+)= xᵀ·dz.
    /// </summary>
    /// <typeparam name="TActivation">f.</typeparam>
    /// <param name="x">[T, D].</param>
    /// <param name="weight">[D, W].</param>
    /// <param name="preActivation">z, [T, W]; null for the identity, which needs none.</param>
    /// <param name="dOutput">dy, [T, W]; undefined afterwards.</param>
    /// <param name="dX">Where dx goes; must not overlap any operand.</param>
    /// <param name="dWeight">Where dW goes; must not overlap any operand.</param>
    /// <exception cref="ArgumentException">Shapes or devices do not fit.</exception>
    public void ProjectionBackward<TActivation>(
        Tensor x, Tensor weight, Tensor? preActivation, Tensor dOutput, GradientTarget dX, GradientTarget dWeight)
        where TActivation : struct, IPointwiseFunction
    {
        const string Operation = "projection backward";
        Check.Arrays(Operation, device, x, weight, preActivation, dOutput, dX.Tensor, dWeight.Tensor);
        Check.That(x.Columns == weight.Rows, Operation, $"x {x.Shape} and weight {weight.Shape} differ in the dimension that is summed ({x.Columns} and "
            + $"{weight.Rows})");
        Check.Extent(Operation, "the output's gradient", dOutput, x.Rows, weight.Columns);
        Check.That(preActivation is not null || typeof(TActivation) == typeof(Identity), Operation, $"{typeof(TActivation).Name} needs the pre-activation");
        if (preActivation is not null)
        {
            Check.SameShape(Operation, "pre-activation", preActivation, "the output's gradient", dOutput);
        }

        Check.Target(Operation, "x", dX, x);
        Check.Target(Operation, "weight", dWeight, weight);
        ProjectionBackwardCore<TActivation>(x, weight, preActivation, dOutput, dX, dWeight);
    }

    /// <summary>One operation after the other; a device that gains by joining them does so.</summary>
    protected virtual void ProjectionBackwardCore<TActivation>(
        Tensor x, Tensor weight, Tensor? preActivation, Tensor dOutput, GradientTarget dX, GradientTarget dWeight)
        where TActivation : struct, IPointwiseFunction
    {
        if (preActivation is not null)
        {
            device.Pointwise.Backward<TActivation>(preActivation, dOutput, new GradientTarget(dOutput, Accumulate: false));
        }

        if (dWeight.Tensor is { } ofWeight)
        {
            Multiply(x, true, dOutput, false, ofWeight, dWeight.Accumulate);
        }

        if (dX.Tensor is { } ofX)
        {
            Multiply(dOutput, false, weight, true, ofX, dX.Accumulate);
        }
    }

    protected abstract void MultiplyCore<TActivation>(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor output, in ProductEpilogue epilogue)
        where TActivation : struct, IPointwiseFunction;
}
