using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Products;

/// <summary>The inner loop of every product. One accumulator a local: the JIT keeps arrays of vectors in memory, and locals in registers.</summary>
internal static unsafe class ProductTileKernel
{
    /// <summary>Computes a tile of exactly TRows rows and TVectors vectors; what a smaller tile does not use is not compiled into it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Run<TVector, TRows, TVectors>(in ProductTile tile)
        where TVector : unmanaged, IFloatVector<TVector>
        where TRows : struct, ITileCount
        where TVectors : struct, ITileCount
    {
        var mask = TVector.Mask(tile.LastLanes);
        var row = tile.Initial;
        var stride = tile.InitialStride;
        TVector c00 = TVector.Zero, c01 = TVector.Zero, c02 = TVector.Zero, c03 = TVector.Zero;
        TVector c10 = TVector.Zero, c11 = TVector.Zero, c12 = TVector.Zero, c13 = TVector.Zero;
        TVector c20 = TVector.Zero, c21 = TVector.Zero, c22 = TVector.Zero, c23 = TVector.Zero;
        TVector c30 = TVector.Zero, c31 = TVector.Zero, c32 = TVector.Zero, c33 = TVector.Zero;
        TVector c40 = TVector.Zero, c41 = TVector.Zero, c42 = TVector.Zero, c43 = TVector.Zero;
        TVector c50 = TVector.Zero, c51 = TVector.Zero, c52 = TVector.Zero, c53 = TVector.Zero;
        if (row != null)
        {
            c00 = Start<TVector, TRows, TVectors>(row, stride, 0, 0, mask);
            c01 = Start<TVector, TRows, TVectors>(row, stride, 0, 1, mask);
            c02 = Start<TVector, TRows, TVectors>(row, stride, 0, 2, mask);
            c03 = Start<TVector, TRows, TVectors>(row, stride, 0, 3, mask);
            c10 = Start<TVector, TRows, TVectors>(row, stride, 1, 0, mask);
            c11 = Start<TVector, TRows, TVectors>(row, stride, 1, 1, mask);
            c12 = Start<TVector, TRows, TVectors>(row, stride, 1, 2, mask);
            c13 = Start<TVector, TRows, TVectors>(row, stride, 1, 3, mask);
            c20 = Start<TVector, TRows, TVectors>(row, stride, 2, 0, mask);
            c21 = Start<TVector, TRows, TVectors>(row, stride, 2, 1, mask);
            c22 = Start<TVector, TRows, TVectors>(row, stride, 2, 2, mask);
            c23 = Start<TVector, TRows, TVectors>(row, stride, 2, 3, mask);
            c30 = Start<TVector, TRows, TVectors>(row, stride, 3, 0, mask);
            c31 = Start<TVector, TRows, TVectors>(row, stride, 3, 1, mask);
            c32 = Start<TVector, TRows, TVectors>(row, stride, 3, 2, mask);
            c33 = Start<TVector, TRows, TVectors>(row, stride, 3, 3, mask);
            c40 = Start<TVector, TRows, TVectors>(row, stride, 4, 0, mask);
            c41 = Start<TVector, TRows, TVectors>(row, stride, 4, 1, mask);
            c42 = Start<TVector, TRows, TVectors>(row, stride, 4, 2, mask);
            c43 = Start<TVector, TRows, TVectors>(row, stride, 4, 3, mask);
            c50 = Start<TVector, TRows, TVectors>(row, stride, 5, 0, mask);
            c51 = Start<TVector, TRows, TVectors>(row, stride, 5, 1, mask);
            c52 = Start<TVector, TRows, TVectors>(row, stride, 5, 2, mask);
            c53 = Start<TVector, TRows, TVectors>(row, stride, 5, 3, mask);
        }

        var left = tile.Left;
        var right = tile.Right;
        var leftRow = tile.LeftRow;
        var leftStep = tile.LeftStep;
        var rightStep = tile.RightStep;
        var lowerLeft = left + (3 * leftRow);
        for (var depth = tile.Depth; depth > 0; depth--)
        {
            var r0 = TVector.Load(right);
            var r1 = TVectors.Value > 1 ? TVector.Load(right + TVector.Width) : default;
            var r2 = TVectors.Value > 2 ? TVector.Load(right + (2 * TVector.Width)) : default;
            var r3 = TVectors.Value > 3 ? TVector.Load(right + (3 * TVector.Width)) : default;

            var l0 = TVector.Broadcast(left[0]);
            c00 = TVector.MultiplyAdd(l0, r0, c00);
            c01 = TVectors.Value > 1 ? TVector.MultiplyAdd(l0, r1, c01) : c01;
            c02 = TVectors.Value > 2 ? TVector.MultiplyAdd(l0, r2, c02) : c02;
            c03 = TVectors.Value > 3 ? TVector.MultiplyAdd(l0, r3, c03) : c03;

            if (TRows.Value > 1)
            {
                var l1 = TVector.Broadcast(left[leftRow]);
                c10 = TVector.MultiplyAdd(l1, r0, c10);
                c11 = TVectors.Value > 1 ? TVector.MultiplyAdd(l1, r1, c11) : c11;
                c12 = TVectors.Value > 2 ? TVector.MultiplyAdd(l1, r2, c12) : c12;
                c13 = TVectors.Value > 3 ? TVector.MultiplyAdd(l1, r3, c13) : c13;
            }

            if (TRows.Value > 2)
            {
                var l2 = TVector.Broadcast(left[2 * leftRow]);
                c20 = TVector.MultiplyAdd(l2, r0, c20);
                c21 = TVectors.Value > 1 ? TVector.MultiplyAdd(l2, r1, c21) : c21;
                c22 = TVectors.Value > 2 ? TVector.MultiplyAdd(l2, r2, c22) : c22;
                c23 = TVectors.Value > 3 ? TVector.MultiplyAdd(l2, r3, c23) : c23;
            }

            if (TRows.Value > 3)
            {
                var l3 = TVector.Broadcast(lowerLeft[0]);
                c30 = TVector.MultiplyAdd(l3, r0, c30);
                c31 = TVectors.Value > 1 ? TVector.MultiplyAdd(l3, r1, c31) : c31;
                c32 = TVectors.Value > 2 ? TVector.MultiplyAdd(l3, r2, c32) : c32;
                c33 = TVectors.Value > 3 ? TVector.MultiplyAdd(l3, r3, c33) : c33;
            }

            if (TRows.Value > 4)
            {
                var l4 = TVector.Broadcast(lowerLeft[leftRow]);
                c40 = TVector.MultiplyAdd(l4, r0, c40);
                c41 = TVectors.Value > 1 ? TVector.MultiplyAdd(l4, r1, c41) : c41;
                c42 = TVectors.Value > 2 ? TVector.MultiplyAdd(l4, r2, c42) : c42;
                c43 = TVectors.Value > 3 ? TVector.MultiplyAdd(l4, r3, c43) : c43;
            }

            if (TRows.Value > 5)
            {
                var l5 = TVector.Broadcast(lowerLeft[2 * leftRow]);
                c50 = TVector.MultiplyAdd(l5, r0, c50);
                c51 = TVectors.Value > 1 ? TVector.MultiplyAdd(l5, r1, c51) : c51;
                c52 = TVectors.Value > 2 ? TVector.MultiplyAdd(l5, r2, c52) : c52;
                c53 = TVectors.Value > 3 ? TVector.MultiplyAdd(l5, r3, c53) : c53;
            }

            left += leftStep;
            lowerLeft += leftStep;
            right += rightStep;
        }

        row = tile.Result;
        stride = tile.ResultStride;
        if (tile.LastLanes == TVector.Width)
        {
            StoreRow<TVector, TRows, TVectors>(row, stride, 0, c00, c01, c02, c03);
            StoreRow<TVector, TRows, TVectors>(row, stride, 1, c10, c11, c12, c13);
            StoreRow<TVector, TRows, TVectors>(row, stride, 2, c20, c21, c22, c23);
            StoreRow<TVector, TRows, TVectors>(row, stride, 3, c30, c31, c32, c33);
            StoreRow<TVector, TRows, TVectors>(row, stride, 4, c40, c41, c42, c43);
            StoreRow<TVector, TRows, TVectors>(row, stride, 5, c50, c51, c52, c53);
            return;
        }

        StoreRow<TVector, TRows, TVectors>(row, stride, 0, c00, c01, c02, c03, mask);
        StoreRow<TVector, TRows, TVectors>(row, stride, 1, c10, c11, c12, c13, mask);
        StoreRow<TVector, TRows, TVectors>(row, stride, 2, c20, c21, c22, c23, mask);
        StoreRow<TVector, TRows, TVectors>(row, stride, 3, c30, c31, c32, c33, mask);
        StoreRow<TVector, TRows, TVectors>(row, stride, 4, c40, c41, c42, c43, mask);
        StoreRow<TVector, TRows, TVectors>(row, stride, 5, c50, c51, c52, c53, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Start<TVector, TRows, TVectors>(float* initial, nint stride, int row, int vector, TVector mask)
        where TVector : unmanaged, IFloatVector<TVector>
        where TRows : struct, ITileCount
        where TVectors : struct, ITileCount
    {
        if (row >= TRows.Value || vector >= TVectors.Value)
        {
            return TVector.Zero;
        }

        var source = initial + (row * stride) + (vector * TVector.Width);
        return vector == TVectors.Value - 1 ? TVector.LoadMasked(source, mask) : TVector.Load(source);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<TVector, TRows, TVectors>(float* result, nint stride, int row, TVector c0, TVector c1, TVector c2, TVector c3)
        where TVector : unmanaged, IFloatVector<TVector>
        where TRows : struct, ITileCount
        where TVectors : struct, ITileCount
    {
        if (row >= TRows.Value)
        {
            return;
        }

        result += row * stride;
        TVector.Store(c0, result);
        if (TVectors.Value > 1)
        {
            TVector.Store(c1, result + TVector.Width);
        }

        if (TVectors.Value > 2)
        {
            TVector.Store(c2, result + (2 * TVector.Width));
        }

        if (TVectors.Value > 3)
        {
            TVector.Store(c3, result + (3 * TVector.Width));
        }
    }

    /// <summary>The same with only the mask's lanes of the last vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<TVector, TRows, TVectors>(
        float* result, nint stride, int row, TVector c0, TVector c1, TVector c2, TVector c3, TVector mask)
        where TVector : unmanaged, IFloatVector<TVector>
        where TRows : struct, ITileCount
        where TVectors : struct, ITileCount
    {
        if (row >= TRows.Value)
        {
            return;
        }

        result += row * stride;
        Store<TVector, TVectors>(c0, result, 0, mask);
        Store<TVector, TVectors>(c1, result, 1, mask);
        Store<TVector, TVectors>(c2, result, 2, mask);
        Store<TVector, TVectors>(c3, result, 3, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVector, TVectors>(TVector value, float* row, int vector, TVector mask)
        where TVector : unmanaged, IFloatVector<TVector>
        where TVectors : struct, ITileCount
    {
        if (vector < TVectors.Value - 1)
        {
            TVector.Store(value, row + (vector * TVector.Width));
        }
        else if (vector == TVectors.Value - 1)
        {
            TVector.StoreMasked(value, row + (vector * TVector.Width), mask);
        }
    }
}
