using ILGPU;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Products;

/// <summary>Matrix products, a group a tile of the output.</summary>
internal static class ProductKernels
{
    private const int Tile = GroupSizes.ProductTile;
    private const int Accumulate = 1;
    private const int HasBias = 2;
    private const int HasPreActivation = 4;
    private const int HasResidual = 8;

    /// <summary>
    /// c = activation(a·b [+ c] [+ bias]) [+ residual]. Value (m, k) of a is at aOffset + m·aRow + k·aColumn, so a transpose is a matter of strides; b
    /// likewise. Tiles of both go through shared memory; each sum runs over k in order.
    /// </summary>
    [Kernel("product", "multiply")]
    public static void Multiply<TFunction>(
        ArrayView<float> a, int aOffset, int aRow, int aColumn,
        ArrayView<float> b, int bOffset, int bRow, int bColumn,
        ArrayView<float> c, int cOffset, int cStride,
        ArrayView<float> bias, int biasOffset,
        ArrayView<float> preActivation, int preOffset, int preStride,
        ArrayView<float> residual, int residualOffset, int residualStride,
        int m, int n, int k, int flags)
        where TFunction : struct, IPointwiseFunction
    {
        var tileA = SharedMemory.Allocate<float>(GroupSizes.Tile);
        var tileB = SharedMemory.Allocate<float>(GroupSizes.Tile);
        var tilesPerRow = (n + Tile - 1) >> 4;
        var tileRow = Grid.IdxX / tilesPerRow;
        var inRow = Group.IdxX >> 4;
        var inColumn = Group.IdxX & (Tile - 1);
        var row = (tileRow * Tile) + inRow;
        var column = ((Grid.IdxX - (tileRow * tilesPerRow)) * Tile) + inColumn;

        var sum = 0f;
        for (var first = 0; first < k; first += Tile)
        {
            var kOfA = first + inColumn;
            var kOfB = first + inRow;
            tileA[Group.IdxX] = row < m && kOfA < k ? a[aOffset + (row * aRow) + (kOfA * aColumn)] : 0f;
            tileB[Group.IdxX] = column < n && kOfB < k ? b[bOffset + (kOfB * bRow) + (column * bColumn)] : 0f;
            Group.Barrier();
            for (var i = 0; i < Tile; i++)
            {
                sum += tileA[(inRow * Tile) + i] * tileB[(i * Tile) + inColumn];
            }

            Group.Barrier();
        }

        if (row >= m || column >= n)
        {
            return;
        }

        var target = cOffset + (row * cStride) + column;
        if ((flags & Accumulate) != 0)
        {
            sum += c[target];
        }

        if ((flags & HasBias) != 0)
        {
            sum += bias[biasOffset + column];
        }

        if ((flags & HasPreActivation) != 0)
        {
            preActivation[preOffset + (row * preStride) + column] = sum;
        }

        var value = TFunction.Forward(new Lane(sum)).Value;
        if ((flags & HasResidual) != 0)
        {
            value += residual[residualOffset + (row * residualStride) + column];
        }

        c[target] = value;
    }
}
