using ILGPU;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Products;

/// <summary>
/// Matrix products by tiles in shared memory and eight by eight sums in each thread's registers: of a step of k a thread reads 16 values for 64 products, where
/// the plain one reads two for one. A group is 64 threads and 64 x 64 of the output.
/// </summary>
internal static class TiledProductKernels
{
    private const int Side = GroupSizes.WideTile;
    private const int Threads = GroupSizes.WideTileThreads;
    private const int Depth = 16;

    /// <summary>A row of a tile in shared memory: a multiple of four floats for vector reads, and 4 modulo 32 so that eight k of four rows fall on 32
    /// banks.</summary>
    private const int Stride = Side + 4;
    private const int QuadStride = Stride >> 2;

    private const int Accumulate = 1;
    private const int HasBias = 2;
    private const int HasPreActivation = 4;
    private const int HasResidual = 8;

    /// <summary>As the plain one. Each sum runs over k in order, so both have the same bits.</summary>
    [Kernel("product", "multiply", "tiled")]
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
        var shared = SharedMemory.Allocate<float>(Side * Stride);
        var tilesPerRow = (n + Side - 1) >> 6;
        var tileRow = Grid.IdxX / tilesPerRow;
        var firstRow = tileRow * Side;
        var firstColumn = (Grid.IdxX - (tileRow * tilesPerRow)) * Side;
        Spread(shared, Sum(shared, a, aOffset, aRow, aColumn, b, bOffset, bRow, bColumn, firstRow, firstColumn, m, n, 0, k));
        var column = firstColumn + Group.IdxX;
        if (column >= n)
        {
            return;
        }

        var rows = m - firstRow < Side ? m - firstRow : Side;
        for (var i = 0; i < rows; i++)
        {
            var sum = shared[(i * Stride) + Group.IdxX];
            var row = firstRow + i;
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

    /// <summary>
    /// What a stretch of k gives, for outputs too small to fill a device: parts[p, row, column] = Σ over k from p·kPerPart on of a·b. A group a part and tile.
    /// </summary>
    [Kernel("product", "multiply-parts", "tiled")]
    public static void MultiplyParts(
        ArrayView<float> a, int aOffset, int aRow, int aColumn,
        ArrayView<float> b, int bOffset, int bRow, int bColumn,
        ArrayView<float> parts, int partsOffset,
        int m, int n, int k, int kPerPart)
    {
        var shared = SharedMemory.Allocate<float>(Side * Stride);
        var tilesPerRow = (n + Side - 1) >> 6;
        var tiles = tilesPerRow * ((m + Side - 1) >> 6);
        var part = Grid.IdxX / tiles;
        var tile = Grid.IdxX - (part * tiles);
        var tileRow = tile / tilesPerRow;
        var firstRow = tileRow * Side;
        var firstColumn = (tile - (tileRow * tilesPerRow)) * Side;
        var firstK = part * kPerPart;
        var endK = firstK + kPerPart < k ? firstK + kPerPart : k;
        Spread(shared, Sum(shared, a, aOffset, aRow, aColumn, b, bOffset, bRow, bColumn, firstRow, firstColumn, m, n, firstK, endK));
        var column = firstColumn + Group.IdxX;
        var rows = m - firstRow < Side ? m - firstRow : Side;
        if (column < n)
        {
            for (var i = 0; i < rows; i++)
            {
                parts[partsOffset + (((part * m) + firstRow + i) * n) + column] = shared[(i * Stride) + Group.IdxX];
            }
        }
    }

    /// <summary>c (+)= Σ_p parts[p], the parts in order.</summary>
    [Kernel("product", "sum-parts", "tiled")]
    public static void SumParts(
        ArrayView<float> parts, int partsOffset, ArrayView<float> c, int cOffset, int cStride, int m, int n, int count, int accumulate)
    {
        for (var i = Grid.GlobalIndex.X; i < m * n; i += Grid.DimX * Group.DimX)
        {
            var sum = 0f;
            for (var part = 0; part < count; part++)
            {
                sum += parts[partsOffset + (part * m * n) + i];
            }

            var row = i / n;
            var target = cOffset + (row * cStride) + (i - (row * n));
            c[target] = accumulate != 0 ? c[target] + sum : sum;
        }
    }

    /// <summary>The sums of a thread: rows 4·part and columns 4·column of the tile, four of each, and those 32 further on.</summary>
    private static ProductSums Sum(
        ArrayView<float> shared,
        ArrayView<float> a, int aOffset, int aRow, int aColumn,
        ArrayView<float> b, int bOffset, int bRow, int bColumn,
        int firstRow, int firstColumn, int m, int n, int firstK, int endK)
    {
        var quads = shared.Cast<Quad>();
        var sums = default(ProductSums);
        for (var first = firstK; first < endK; first += Depth)
        {
            Load(shared, 0, a, aOffset, aRow, aColumn, firstRow, m, first, endK);
            Load(shared, Depth * Stride, b, bOffset, bColumn, bRow, firstColumn, n, first, endK);
            Group.Barrier();
            for (var i = 0; i < Depth; i += 2)
            {
                var atA = (i * QuadStride) + (Group.IdxX >> 3);
                var atB = ((Depth + i) * QuadStride) + (Group.IdxX & 7);
                sums = sums.Plus(quads[atA], quads[atA + 8], quads[atB], quads[atB + 8])
                    .Plus(quads[atA + QuadStride], quads[atA + QuadStride + 8], quads[atB + QuadStride], quads[atB + QuadStride + 8]);
            }

            Group.Barrier();
        }

        return sums;
    }

    /// <summary>Lays the sums of all threads into the tile, row by row, so that each value goes out by the same lines of code and neighbours go out
    /// together.</summary>
    private static void Spread(ArrayView<float> shared, ProductSums sums)
    {
        var quads = shared.Cast<Quad>();
        var at = ((Group.IdxX >> 3) * 4 * QuadStride) + (Group.IdxX & 7);
        quads[at] = sums.Left0;
        quads[at + QuadStride] = sums.Left1;
        quads[at + (2 * QuadStride)] = sums.Left2;
        quads[at + (3 * QuadStride)] = sums.Left3;
        quads[at + (32 * QuadStride)] = sums.Left4;
        quads[at + (33 * QuadStride)] = sums.Left5;
        quads[at + (34 * QuadStride)] = sums.Left6;
        quads[at + (35 * QuadStride)] = sums.Left7;
        quads[at + 8] = sums.Right0;
        quads[at + QuadStride + 8] = sums.Right1;
        quads[at + (2 * QuadStride) + 8] = sums.Right2;
        quads[at + (3 * QuadStride) + 8] = sums.Right3;
        quads[at + (32 * QuadStride) + 8] = sums.Right4;
        quads[at + (33 * QuadStride) + 8] = sums.Right5;
        quads[at + (34 * QuadStride) + 8] = sums.Right6;
        quads[at + (35 * QuadStride) + 8] = sums.Right7;
        Group.Barrier();
    }

    /// <summary>
    /// Lays a tile of x into shared memory, k by k: lines are rows of a, or columns of b. What is next to each other in memory is read by threads that are next
    /// to each other: lines, or stretches of eight k, which a stride of 4 modulo 32 spreads over all banks.
    /// </summary>
    private static void Load(
        ArrayView<float> shared, int tile, ArrayView<float> x, int offset, int lineStride, int kStride, int firstLine, int lines, int firstK, int endK)
    {
        if (lineStride == 1)
        {
            for (var i = Group.IdxX; i < Side * Depth; i += Threads)
            {
                var line = firstLine + (i & (Side - 1));
                var k = firstK + (i >> 6);
                shared[tile + ((i >> 6) * Stride) + (i & (Side - 1))] = line < lines && k < endK ? x[offset + line + (k * kStride)] : 0f;
            }
        }
        else
        {
            for (var i = Group.IdxX; i < Side * Depth; i += Threads)
            {
                var inK = (i & 7) + ((i >> 9) << 3);
                var inLine = (i >> 3) & (Side - 1);
                var line = firstLine + inLine;
                var k = firstK + inK;
                shared[tile + (inK * Stride) + inLine] = line < lines && k < endK ? x[offset + (line * lineStride) + (k * kStride)] : 0f;
            }
        }
    }
}
