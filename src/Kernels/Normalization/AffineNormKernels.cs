using ILGPU;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Normalization;

/// <summary>Norms of either kind with factors and shifts, a group of threads a row and group of columns. Statistics are computed anew in the backward
/// pass.</summary>
internal static class AffineNormKernels
{
    /// <summary>y = n·weight + bias.</summary>
    [Kernel("normalization", "normalize")]
    public static void Normalize(
        ArrayView<float> x, int xOffset, int xStride, int columns, int groups, int isRms, float epsilon,
        ArrayView<float> y, int yOffset, int yStride, ArrayView<float> weight, int weightOffset, ArrayView<float> bias, int biasOffset,
        int hasWeight, int hasBias, int byGroup)
    {
        var shared = SharedMemory.Allocate<float>(GroupSizes.Row);
        var row = Grid.IdxX / groups;
        var group = Grid.IdxX - (row * groups);
        var source = xOffset + (row * xStride) + (group * columns);
        var statistics = RowStatistics.OfKind(x, source, columns, isRms, epsilon, shared);
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            var place = byGroup != 0 ? group : (group * columns) + column;
            var value = statistics.Normalize(x[source + column]);
            if (hasWeight != 0)
            {
                value *= weight[weightOffset + place];
            }

            if (hasBias != 0)
            {
                value += bias[biasOffset + place];
            }

            y[yOffset + (row * yStride) + (group * columns) + column] = value;
        }
    }

    /// <summary>dx (+)= r·(g − mean(g) − n·mean(g·n)), g = dy·weight; by the root mean square without mean(g). dx may be dy.</summary>
    [Kernel("normalization", "normalize-backward")]
    public static void Backward(
        ArrayView<float> x, int xOffset, int xStride, int columns, int groups, int isRms, float epsilon,
        ArrayView<float> dy, int dyOffset, int dyStride, ArrayView<float> dx, int dxOffset, int dxStride, ArrayView<float> weight, int weightOffset,
        int hasWeight, int byGroup, int accumulate)
    {
        var shared = SharedMemory.Allocate<float>(GroupSizes.Row);
        var row = Grid.IdxX / groups;
        var group = Grid.IdxX - (row * groups);
        var source = xOffset + (row * xStride) + (group * columns);
        var upstream = dyOffset + (row * dyStride) + (group * columns);
        var target = dxOffset + (row * dxStride) + (group * columns);
        var statistics = RowStatistics.OfKind(x, source, columns, isRms, epsilon, shared);
        var sum = 0f;
        var product = 0f;
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            var gradient = dy[upstream + column];
            if (hasWeight != 0)
            {
                gradient *= weight[weightOffset + (byGroup != 0 ? group : (group * columns) + column)];
            }

            sum += gradient;
            product += gradient * statistics.Normalize(x[source + column]);
        }

        var total = GroupSum.Of(shared, sum);
        var mean = isRms != 0 ? 0f : total / columns;
        var meanProduct = GroupSum.Of(shared, product) / columns;
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            var gradient = dy[upstream + column];
            if (hasWeight != 0)
            {
                gradient *= weight[weightOffset + (byGroup != 0 ? group : (group * columns) + column)];
            }

            gradient = statistics.InverseDeviation * (gradient - mean - (statistics.Normalize(x[source + column]) * meanProduct));
            dx[target + column] = accumulate != 0 ? dx[target + column] + gradient : gradient;
        }
    }

    /// <summary>p = dy·n: its column sums are the weights' gradient.</summary>
    [Kernel("normalization", "normalize-products")]
    public static void Products(
        ArrayView<float> x, int xOffset, int xStride, int columns, int groups, int isRms, float epsilon,
        ArrayView<float> dy, int dyOffset, int dyStride, ArrayView<float> p, int pOffset, int pStride)
    {
        var shared = SharedMemory.Allocate<float>(GroupSizes.Row);
        var row = Grid.IdxX / groups;
        var group = Grid.IdxX - (row * groups);
        var source = xOffset + (row * xStride) + (group * columns);
        var statistics = RowStatistics.OfKind(x, source, columns, isRms, epsilon, shared);
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            p[pOffset + (row * pStride) + (group * columns) + column] =
                dy[dyOffset + (row * dyStride) + (group * columns) + column] * statistics.Normalize(x[source + column]);
        }
    }

    /// <summary>gradient[g] (+)= Σ_c sums[g·columns + c].</summary>
    [Kernel("normalization", "sum-groups")]
    public static void SumGroups(
        ArrayView<float> sums, int sumsOffset, ArrayView<float> gradient, int gradientOffset, int groups, int columns, int accumulate)
    {
        for (var group = Grid.GlobalIndex.X; group < groups; group += Grid.DimX * Group.DimX)
        {
            var sum = 0f;
            for (var column = 0; column < columns; column++)
            {
                sum += sums[sumsOffset + (group * columns) + column];
            }

            gradient[gradientOffset + group] = accumulate != 0 ? gradient[gradientOffset + group] + sum : sum;
        }
    }
}
