using ILGPU;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Normalization;

/// <summary>Normalisations, a group a row. Statistics are computed anew in the backward pass.</summary>
internal static class NormalizationKernels
{
    [Kernel("normalization", "layer-norm")]
    public static void LayerNorm(ArrayView<float> x, int xOffset, int xStride, ArrayView<float> y, int yOffset, int yStride, int columns, float epsilon)
    {
        var shared = SharedMemory.Allocate<float>(GroupSizes.Row);
        var row = xOffset + (Grid.IdxX * xStride);
        var statistics = RowStatistics.Of(x, row, columns, epsilon, shared);
        var target = yOffset + (Grid.IdxX * yStride);
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            y[target + column] = statistics.Normalize(x[row + column]);
        }
    }

    /// <summary>dx (+)= r·(dy − mean(dy) − n·mean(dy·n)).</summary>
    [Kernel("normalization", "layer-norm-backward")]
    public static void LayerNormBackward(
        ArrayView<float> x, int xOffset, int xStride,
        ArrayView<float> dy, int dyOffset, int dyStride,
        ArrayView<float> dx, int dxOffset, int dxStride,
        int columns, float epsilon, int accumulate)
    {
        var shared = SharedMemory.Allocate<float>(GroupSizes.Row);
        var row = xOffset + (Grid.IdxX * xStride);
        var upstream = dyOffset + (Grid.IdxX * dyStride);
        var target = dxOffset + (Grid.IdxX * dxStride);
        var statistics = RowStatistics.Of(x, row, columns, epsilon, shared);
        var sum = 0f;
        var product = 0f;
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            var gradient = dy[upstream + column];
            sum += gradient;
            product += gradient * statistics.Normalize(x[row + column]);
        }

        var mean = GroupSum.Of(shared, sum) / columns;
        var meanProduct = GroupSum.Of(shared, product) / columns;
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            var gradient = statistics.InverseDeviation * (dy[upstream + column] - mean - (statistics.Normalize(x[row + column]) * meanProduct));
            dx[target + column] = accumulate != 0 ? dx[target + column] + gradient : gradient;
        }
    }

    [Kernel("normalization", "l2-normalize")]
    public static void L2Normalize(ArrayView<float> x, int xOffset, int xStride, ArrayView<float> y, int yOffset, int yStride, int columns, float epsilon)
    {
        var shared = SharedMemory.Allocate<float>(GroupSizes.Row);
        var row = xOffset + (Grid.IdxX * xStride);
        var target = yOffset + (Grid.IdxX * yStride);
        var norm = Norm(x, row, columns, shared);
        var inverse = !Bits.IsFinite(norm) ? Bits.NaN : 1f / (norm > epsilon ? norm : epsilon);
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            y[target + column] = x[row + column] * inverse;
        }
    }

    /// <summary>dx (+)= (dy − n·⟨n, dy⟩)/‖x‖ where ‖x‖ > epsilon, else dy/epsilon.</summary>
    [Kernel("normalization", "l2-normalize-backward")]
    public static void L2NormalizeBackward(
        ArrayView<float> x, int xOffset, int xStride,
        ArrayView<float> dy, int dyOffset, int dyStride,
        ArrayView<float> dx, int dxOffset, int dxStride,
        int columns, float epsilon, int accumulate)
    {
        var shared = SharedMemory.Allocate<float>(GroupSizes.Row);
        var row = xOffset + (Grid.IdxX * xStride);
        var upstream = dyOffset + (Grid.IdxX * dyStride);
        var target = dxOffset + (Grid.IdxX * dxStride);
        var norm = Norm(x, row, columns, shared);
        var product = 0f;
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            product += x[row + column] * dy[upstream + column];
        }

        product = GroupSum.Of(shared, product);
        var isLong = norm > epsilon;
        var inverse = !Bits.IsFinite(norm) ? Bits.NaN : 1f / (isLong ? norm : epsilon);
        var along = isLong ? product * inverse * inverse : 0f;
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            var gradient = (dy[upstream + column] - (x[row + column] * along)) * inverse;
            dx[target + column] = accumulate != 0 ? dx[target + column] + gradient : gradient;
        }
    }

    /// <summary>a = LayerNorm(x); y = dropout(gate·a), or dropout([gate, a, gate·a]).</summary>
    [Kernel("normalization", "gated-layer-norm")]
    public static void GatedLayerNorm(
        ArrayView<float> gate, int gateOffset, int gateStride,
        ArrayView<float> x, int xOffset, int xStride,
        ArrayView<float> y, int yOffset, int yStride,
        int columns, float epsilon, int concatenate,
        ArrayView<int> numbers, int numbersOffset, uint seedLow, uint seedHigh, uint site, uint threshold, float scale)
    {
        var shared = SharedMemory.Allocate<float>(GroupSizes.Row);
        var mask = new DropoutMask(numbers, numbersOffset, seedLow, seedHigh, site, threshold, scale);
        var token = Grid.IdxX;
        var row = xOffset + (token * xStride);
        var target = yOffset + (token * yStride);
        var statistics = RowStatistics.Of(x, row, columns, epsilon, shared);
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            var u = gate[gateOffset + (token * gateStride) + column];
            var a = statistics.Normalize(x[row + column]);
            if (concatenate != 0)
            {
                y[target + column] = mask.Of(u, token, column, 3 * columns);
                y[target + columns + column] = mask.Of(a, token, columns + column, 3 * columns);
                y[target + (2 * columns) + column] = mask.Of(u * a, token, (2 * columns) + column, 3 * columns);
            }
            else
            {
                y[target + column] = mask.Of(u * a, token, column, columns);
            }
        }
    }

    /// <summary>The gradients of the gate and of x; each is written where its flag says so. dx may be x: a thread writes only what it alone reads by
    /// then.</summary>
    [Kernel("normalization", "gated-layer-norm-backward")]
    public static void GatedLayerNormBackward(
        ArrayView<float> gate, int gateOffset, int gateStride,
        ArrayView<float> x, int xOffset, int xStride,
        ArrayView<float> dy, int dyOffset, int dyStride,
        ArrayView<float> dGate, int dGateOffset, int dGateStride,
        ArrayView<float> dx, int dxOffset, int dxStride,
        int columns, float epsilon, int concatenate, int gateWanted, int accumulateGate, int xWanted, int accumulateX,
        ArrayView<int> numbers, int numbersOffset, uint seedLow, uint seedHigh, uint site, uint threshold, float scale)
    {
        var shared = SharedMemory.Allocate<float>(GroupSizes.Row);
        var mask = new DropoutMask(numbers, numbersOffset, seedLow, seedHigh, site, threshold, scale);
        var token = Grid.IdxX;
        var row = xOffset + (token * xStride);
        var gateRow = gateOffset + (token * gateStride);
        var upstream = dyOffset + (token * dyStride);
        var statistics = RowStatistics.Of(x, row, columns, epsilon, shared);
        var sum = 0f;
        var product = 0f;
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            var a = statistics.Normalize(x[row + column]);
            var ofProduct = concatenate != 0 ? Masked(dy, upstream, mask, token, (2 * columns) + column, 3 * columns)
                : Masked(dy, upstream, mask, token, column, columns);
            var da = ofProduct * gate[gateRow + column];
            if (concatenate != 0)
            {
                da += Masked(dy, upstream, mask, token, columns + column, 3 * columns);
            }

            sum += da;
            product += da * a;
        }

        var mean = GroupSum.Of(shared, sum) / columns;
        var meanProduct = GroupSum.Of(shared, product) / columns;
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            var a = statistics.Normalize(x[row + column]);
            var ofProduct = concatenate != 0 ? Masked(dy, upstream, mask, token, (2 * columns) + column, 3 * columns)
                : Masked(dy, upstream, mask, token, column, columns);
            var da = ofProduct * gate[gateRow + column];
            var du = ofProduct * a;
            if (concatenate != 0)
            {
                da += Masked(dy, upstream, mask, token, columns + column, 3 * columns);
                du += Masked(dy, upstream, mask, token, column, 3 * columns);
            }

            if (gateWanted != 0)
            {
                var target = dGateOffset + (token * dGateStride) + column;
                dGate[target] = accumulateGate != 0 ? dGate[target] + du : du;
            }

            if (xWanted != 0)
            {
                var gradient = statistics.InverseDeviation * (da - mean - (a * meanProduct));
                var target = dxOffset + (token * dxStride) + column;
                dx[target] = accumulateX != 0 ? dx[target] + gradient : gradient;
            }
        }
    }

    private static float Masked(ArrayView<float> dy, int upstream, DropoutMask mask, int token, int column, int columns) =>
        mask.Of(dy[upstream + column], token, column, columns);

    private static float Norm(ArrayView<float> x, int row, int columns, ArrayView<float> shared)
    {
        var squares = 0f;
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            squares += x[row + column] * x[row + column];
        }

        return MathF.Sqrt(GroupSum.Of(shared, squares));
    }
}
