using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Engine.Cpu.Products;

/// <summary>What happens to sums between the tile that made them and the result: bias, pre-activation, activation, residual.</summary>
internal static unsafe class ProductEpilogue
{
    /// <summary>Whether sums need more than to be stored or added.</summary>
    public static bool IsNeeded<TActivation>(in MatrixProductArguments product)
        where TActivation : struct, IPointwiseFunction =>
        typeof(TActivation) != typeof(Identity) || product.Bias != null || product.PreActivation != null || product.Residual != null;

    /// <summary>Asks for the cache lines that <see cref="Finish"/> will read and write.</summary>
    public static void Prefetch(in MatrixProductArguments product, int row, int rows, int column, int columns)
    {
        for (var i = row; i < row + rows; i++)
        {
            Simd.Prefetch.StridedRow(product.Result + column, i, columns, (int)product.ResultStride);
            if (product.PreActivation != null)
            {
                Simd.Prefetch.StridedRow(product.PreActivation + column, i, columns, (int)product.PreActivationStride);
            }

            if (product.Residual != null)
            {
                Simd.Prefetch.StridedRow(product.Residual + column, i, columns, (int)product.ResidualStride);
            }
        }
    }

    /// <summary>Finishes a block of sums: rows x columns at (row, column) of the result.</summary>
    /// <param name="product">The product; its Accumulate is the caller's business.</param>
    /// <param name="sums">The block's first sum; rows of whole vectors, <paramref name="stride"/> floats apart.</param>
    /// <param name="stride">From a row of sums to the next.</param>
    /// <param name="row">The block's first row in the result.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="column">Its first column in the result.</param>
    /// <param name="columns">Its columns.</param>
    public static void Finish<TVector, TActivation>(
        in MatrixProductArguments product, float* sums, nint stride, int row, int rows, int column, int columns)
        where TVector : unmanaged, IFloatVector<TVector>
        where TActivation : struct, IPointwiseFunction
    {
        var bias = product.Bias;
        var whole = columns / TVector.Width * TVector.Width;
        var mask = TVector.Mask(columns - whole);
        for (var i = row; i < row + rows; i++, sums += stride)
        {
            var result = product.Result + (i * product.ResultStride) + column;
            var preActivation = product.PreActivation == null ? null : product.PreActivation + (i * product.PreActivationStride) + column;
            var residual = product.Residual == null ? null : product.Residual + (i * product.ResidualStride) + column;
            for (var j = 0; j < whole; j += TVector.Width)
            {
                var value = TVector.Load(sums + j);
                if (bias != null)
                {
                    value += TVector.Load(bias + column + j);
                }

                if (preActivation != null)
                {
                    TVector.Store(value, preActivation + j);
                }

                value = TActivation.Forward(value);
                if (residual != null)
                {
                    value += TVector.Load(residual + j);
                }

                TVector.Store(value, result + j);
            }

            if (whole < columns)
            {
                var value = TVector.Load(sums + whole);
                if (bias != null)
                {
                    value += TVector.LoadMasked(bias + column + whole, mask);
                }

                if (preActivation != null)
                {
                    TVector.StoreMasked(value, preActivation + whole, mask);
                }

                value = TActivation.Forward(value);
                if (residual != null)
                {
                    value += TVector.LoadMasked(residual + whole, mask);
                }

                TVector.StoreMasked(value, result + whole, mask);
            }
        }
    }

    /// <summary>
    /// Adds partial sums in order, and the old result if the product accumulates, into the first, then finishes it. A partial is a block of
    /// Rows x Columns with rows filled up to <paramref name="stride"/> floats.
    /// </summary>
    public static void Reduce<TVector, TActivation>(
        in MatrixProductArguments product, float* partials, int count, nint size, nint stride, int row, int rows)
        where TVector : unmanaged, IFloatVector<TVector>
        where TActivation : struct, IPointwiseFunction
    {
        for (var i = row; i < row + rows; i++)
        {
            var sums = partials + (i * stride);
            for (nint j = 0; j < stride; j += TVector.Width)
            {
                var value = TVector.Load(sums + j);
                for (var partial = 1; partial < count; partial++)
                {
                    value += TVector.Load(sums + (partial * size) + j);
                }

                if (product.Accumulate)
                {
                    var old = product.Result + (i * product.ResultStride) + j;
                    var lanes = product.Columns - j;
                    value += lanes >= TVector.Width ? TVector.Load(old) : TVector.LoadMasked(old, TVector.Mask((int)lanes));
                }

                TVector.Store(value, sums + j);
            }
        }

        Finish<TVector, TActivation>(product, partials + (row * stride), stride, row, rows, 0, product.Columns);
    }
}
