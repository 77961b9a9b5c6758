using ILGPU;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Kernels that are written as they should be.</summary>
internal static class SampleKernels
{
    public const int Tile = 16;

    /// <summary>c = a b, for n by n matrices, n a multiple of <see cref="Tile"/>.</summary>
    public static void Product(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, int n)
    {
        var tileA = SharedMemory.Allocate<float>(Tile * Tile);
        var tileB = SharedMemory.Allocate<float>(Tile * Tile);
        var place = (Group.IdxY * Tile) + Group.IdxX;
        var row = (Grid.IdxY * Tile) + Group.IdxY;
        var column = (Grid.IdxX * Tile) + Group.IdxX;
        var sum = 0f;
        for (var start = 0; start < n; start += Tile)
        {
            tileA[place] = a[(row * n) + start + Group.IdxX];
            tileB[place] = b[((start + Group.IdxY) * n) + column];
            Group.Barrier();
            for (var i = 0; i < Tile; i++)
            {
                sum += tileA[(Group.IdxY * Tile) + i] * tileB[(i * Tile) + Group.IdxX];
            }

            Group.Barrier();
        }

        c[(row * n) + column] = sum;
    }

    /// <summary><see cref="Product"/> without the second barrier.</summary>
    public static void ProductWithoutBarrier(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, int n)
    {
        var tileA = SharedMemory.Allocate<float>(Tile * Tile);
        var tileB = SharedMemory.Allocate<float>(Tile * Tile);
        var place = (Group.IdxY * Tile) + Group.IdxX;
        var row = (Grid.IdxY * Tile) + Group.IdxY;
        var column = (Grid.IdxX * Tile) + Group.IdxX;
        var sum = 0f;
        for (var start = 0; start < n; start += Tile)
        {
            tileA[place] = a[(row * n) + start + Group.IdxX];
            tileB[place] = b[((start + Group.IdxY) * n) + column];
            Group.Barrier();
            for (var i = 0; i < Tile; i++)
            {
                sum += tileA[(Group.IdxY * Tile) + i] * tileB[(i * Tile) + Group.IdxX];
            }
        }

        c[(row * n) + column] = sum;
    }

    /// <summary>The sum of each group's part of x, n a group, by a tree in shared memory.</summary>
    public static void Sum(ArrayView<float> x, ArrayView<float> sums, int n)
    {
        var partial = SharedMemory.GetDynamic<float>();
        var sum = 0f;
        for (var i = Group.IdxX; i < n; i += Group.DimX)
        {
            sum += x[(Grid.IdxX * n) + i];
        }

        partial[Group.IdxX] = sum;
        Group.Barrier();
        for (var width = Group.DimX >> 1; width > 0; width >>= 1)
        {
            if (Group.IdxX < width)
            {
                partial[Group.IdxX] += partial[Group.IdxX + width];
            }

            Group.Barrier();
        }

        if (Group.IdxX == 0)
        {
            sums[Grid.IdxX] = partial[0];
        }
    }

    /// <summary>The sum over each warp, by shuffles.</summary>
    public static void WarpSum(ArrayView<float> x, ArrayView<float> sums)
    {
        var sum = x[Grid.GlobalIndex.X];
        for (var distance = Warp.WarpSize >> 1; distance > 0; distance >>= 1)
        {
            sum += Warp.ShuffleXor(sum, distance);
        }

        if (Warp.LaneIdx == 0)
        {
            sums[Grid.GlobalIndex.X / Warp.WarpSize] = sum;
        }
    }

    /// <summary>y = 2 x for all of n but one element too many.</summary>
    public static void OneTooMany(ArrayView<float> x, ArrayView<float> y, int n)
    {
        var i = (int)Grid.GlobalIndex.X;
        if (i <= n)
        {
            y[i] = 2 * x[i];
        }
    }
}
