using ILGPU;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Reduction;

/// <summary>Sums and checks in a fixed order: stretches first, then the stretches' results one after the other.</summary>
internal static class ReductionKernels
{
    /// <summary>partials[chunk, column] = the sum of a stretch of rows.</summary>
    [Kernel("reduction", "sum-rows-partial")]
    public static void SumRowsPartial(
        ArrayView<float> x, int xOffset, int xStride, ArrayView<float> partials, int partialsOffset, int partialsStride, int rows, int columns, int chunks,
        int rowsPerChunk)
    {
        for (var i = Grid.GlobalIndex.X; i < chunks * columns; i += Grid.DimX * Group.DimX)
        {
            var chunk = i / columns;
            var column = i - (chunk * columns);
            var first = chunk * rowsPerChunk;
            var end = first + rowsPerChunk < rows ? first + rowsPerChunk : rows;
            var sum = 0f;
            for (var row = first; row < end; row++)
            {
                sum += x[xOffset + (row * xStride) + column];
            }

            partials[partialsOffset + (chunk * partialsStride) + column] = sum;
        }
    }

    /// <summary>output[column] (+)= Σ_chunk partials[chunk, column].</summary>
    [Kernel("reduction", "sum-partials")]
    public static void SumPartials(
        ArrayView<float> partials, int partialsOffset, int partialsStride, ArrayView<float> output, int outputOffset, int chunks, int columns, int accumulate)
    {
        for (var column = Grid.GlobalIndex.X; column < columns; column += Grid.DimX * Group.DimX)
        {
            var sum = 0f;
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                sum += partials[partialsOffset + (chunk * partialsStride) + column];
            }

            output[outputOffset + column] = accumulate != 0 ? output[outputOffset + column] + sum : sum;
        }
    }

    /// <summary>flags[thread of the grid] = 1 where one of its values is NaN or infinite, else 0.</summary>
    [Kernel("reduction", "all-finite")]
    public static void AllFinite(ArrayView<float> x, int xOffset, int xStride, ArrayView<int> flags, int flagsOffset, int rows, int columns)
    {
        var found = 0;
        for (var i = Grid.GlobalIndex.X; i < rows * columns; i += Grid.DimX * Group.DimX)
        {
            var row = i / columns;
            if (!Bits.IsFinite(x[xOffset + (row * xStride) + (i - (row * columns))]))
            {
                found = 1;
            }
        }

        flags[flagsOffset + Grid.GlobalIndex.X] = found;
    }

    /// <summary>sums[thread of the grid] = Σ x² over its values.</summary>
    [Kernel("reduction", "sum-of-squares")]
    public static void SumOfSquares(ArrayView<float> x, int xOffset, int xStride, ArrayView<float> sums, int sumsOffset, int rows, int columns)
    {
        var sum = 0f;
        for (var i = Grid.GlobalIndex.X; i < rows * columns; i += Grid.DimX * Group.DimX)
        {
            var row = i / columns;
            var value = x[xOffset + (row * xStride) + (i - (row * columns))];
            sum += value * value;
        }

        sums[sumsOffset + Grid.GlobalIndex.X] = sum;
    }
}
