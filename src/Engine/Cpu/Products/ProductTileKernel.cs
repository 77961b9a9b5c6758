using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Products;

/// <summary>The inner loop of every product. One accumulator a local: the JIT keeps arrays of vectors in memory, and locals in registers.</summary>
internal static unsafe class ProductTileKernel
{
    /// <summary>
    /// Computes a tile of exactly TRows rows and TVectors vectors, the last of them a TLast: a register of half the width where half the
    /// lanes would be idle, which costs half as much on processors that do a wide operation in two halves.
    /// </summary>
    /// <remarks>What a smaller tile does not use is not compiled into it: all conditions on type parameters are known to the JIT.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Run<TVector, TLast, TRows, TVectors>(in ProductTile tile)
        where TVector : unmanaged, IFloatVector<TVector>
        where TLast : unmanaged, IFloatVector<TLast>
        where TRows : struct, ITileCount
        where TVectors : struct, ITileCount
    {
        // Made before anything else: its comparison reaches only the lower half of the registers, which the accumulators take.
        var mask = TLast.Mask(tile.LastLanes);
        TVector c00 = TVector.Zero, c01 = TVector.Zero, c02 = TVector.Zero;
        TVector c10 = TVector.Zero, c11 = TVector.Zero, c12 = TVector.Zero;
        TVector c20 = TVector.Zero, c21 = TVector.Zero, c22 = TVector.Zero;
        TVector c30 = TVector.Zero, c31 = TVector.Zero, c32 = TVector.Zero;
        TVector c40 = TVector.Zero, c41 = TVector.Zero, c42 = TVector.Zero;
        TVector c50 = TVector.Zero, c51 = TVector.Zero, c52 = TVector.Zero;
        TLast e0 = TLast.Zero, e1 = TLast.Zero, e2 = TLast.Zero, e3 = TLast.Zero, e4 = TLast.Zero, e5 = TLast.Zero;
        var row = tile.Result;
        var stride = tile.ResultStride;
        if (tile.Initial != null)
        {
            row = tile.Initial;
            stride = tile.InitialStride;
        }

        Prefetch<TVector, TRows, TVectors>(row, stride, 0);
        Prefetch<TVector, TRows, TVectors>(row, stride, 1);
        Prefetch<TVector, TRows, TVectors>(row, stride, 2);
        Prefetch<TVector, TRows, TVectors>(row, stride, 3);
        Prefetch<TVector, TRows, TVectors>(row, stride, 4);
        Prefetch<TVector, TRows, TVectors>(row, stride, 5);

        var left = tile.Left;
        var right = tile.Right;
        var leftRow = tile.LeftRow;
        var leftStep = tile.LeftStep;
        var rightStep = tile.RightStep;
        var lowerLeft = left + (3 * leftRow);
        for (var depth = tile.Depth; depth > 0; depth--)
        {
            var r0 = TVectors.Value > 1 ? TVector.Load(right) : default;
            var r1 = TVectors.Value > 2 ? TVector.Load(right + TVector.Width) : default;
            var r2 = TVectors.Value > 3 ? TVector.Load(right + (2 * TVector.Width)) : default;
            var last = TLast.Load(right + ((TVectors.Value - 1) * TVector.Width));

            var l0 = TVector.Broadcast(left[0]);
            c00 = TVectors.Value > 1 ? TVector.MultiplyAdd(l0, r0, c00) : c00;
            c01 = TVectors.Value > 2 ? TVector.MultiplyAdd(l0, r1, c01) : c01;
            c02 = TVectors.Value > 3 ? TVector.MultiplyAdd(l0, r2, c02) : c02;
            e0 = TLast.MultiplyAdd(Narrow<TVector, TLast>(l0), last, e0);

            if (TRows.Value > 1)
            {
                var l1 = TVector.Broadcast(left[leftRow]);
                c10 = TVectors.Value > 1 ? TVector.MultiplyAdd(l1, r0, c10) : c10;
                c11 = TVectors.Value > 2 ? TVector.MultiplyAdd(l1, r1, c11) : c11;
                c12 = TVectors.Value > 3 ? TVector.MultiplyAdd(l1, r2, c12) : c12;
                e1 = TLast.MultiplyAdd(Narrow<TVector, TLast>(l1), last, e1);
            }

            if (TRows.Value > 2)
            {
                var l2 = TVector.Broadcast(left[2 * leftRow]);
                c20 = TVectors.Value > 1 ? TVector.MultiplyAdd(l2, r0, c20) : c20;
                c21 = TVectors.Value > 2 ? TVector.MultiplyAdd(l2, r1, c21) : c21;
                c22 = TVectors.Value > 3 ? TVector.MultiplyAdd(l2, r2, c22) : c22;
                e2 = TLast.MultiplyAdd(Narrow<TVector, TLast>(l2), last, e2);
            }

            if (TRows.Value > 3)
            {
                var l3 = TVector.Broadcast(lowerLeft[0]);
                c30 = TVectors.Value > 1 ? TVector.MultiplyAdd(l3, r0, c30) : c30;
                c31 = TVectors.Value > 2 ? TVector.MultiplyAdd(l3, r1, c31) : c31;
                c32 = TVectors.Value > 3 ? TVector.MultiplyAdd(l3, r2, c32) : c32;
                e3 = TLast.MultiplyAdd(Narrow<TVector, TLast>(l3), last, e3);
            }

            if (TRows.Value > 4)
            {
                var l4 = TVector.Broadcast(lowerLeft[leftRow]);
                c40 = TVectors.Value > 1 ? TVector.MultiplyAdd(l4, r0, c40) : c40;
                c41 = TVectors.Value > 2 ? TVector.MultiplyAdd(l4, r1, c41) : c41;
                c42 = TVectors.Value > 3 ? TVector.MultiplyAdd(l4, r2, c42) : c42;
                e4 = TLast.MultiplyAdd(Narrow<TVector, TLast>(l4), last, e4);
            }

            if (TRows.Value > 5)
            {
                var l5 = TVector.Broadcast(lowerLeft[2 * leftRow]);
                c50 = TVectors.Value > 1 ? TVector.MultiplyAdd(l5, r0, c50) : c50;
                c51 = TVectors.Value > 2 ? TVector.MultiplyAdd(l5, r1, c51) : c51;
                c52 = TVectors.Value > 3 ? TVector.MultiplyAdd(l5, r2, c52) : c52;
                e5 = TLast.MultiplyAdd(Narrow<TVector, TLast>(l5), last, e5);
            }

            left += leftStep;
            lowerLeft += leftStep;
            right += rightStep;
        }

        if (tile.Initial != null)
        {
            c00 += Initial<TVector, TRows, TVectors>(row, stride, 0, 0);
            c01 += Initial<TVector, TRows, TVectors>(row, stride, 0, 1);
            c02 += Initial<TVector, TRows, TVectors>(row, stride, 0, 2);
            e0 += InitialLast<TVector, TLast, TRows, TVectors>(row, stride, 0, mask);
            c10 += Initial<TVector, TRows, TVectors>(row, stride, 1, 0);
            c11 += Initial<TVector, TRows, TVectors>(row, stride, 1, 1);
            c12 += Initial<TVector, TRows, TVectors>(row, stride, 1, 2);
            e1 += InitialLast<TVector, TLast, TRows, TVectors>(row, stride, 1, mask);
            c20 += Initial<TVector, TRows, TVectors>(row, stride, 2, 0);
            c21 += Initial<TVector, TRows, TVectors>(row, stride, 2, 1);
            c22 += Initial<TVector, TRows, TVectors>(row, stride, 2, 2);
            e2 += InitialLast<TVector, TLast, TRows, TVectors>(row, stride, 2, mask);
            c30 += Initial<TVector, TRows, TVectors>(row, stride, 3, 0);
            c31 += Initial<TVector, TRows, TVectors>(row, stride, 3, 1);
            c32 += Initial<TVector, TRows, TVectors>(row, stride, 3, 2);
            e3 += InitialLast<TVector, TLast, TRows, TVectors>(row, stride, 3, mask);
            c40 += Initial<TVector, TRows, TVectors>(row, stride, 4, 0);
            c41 += Initial<TVector, TRows, TVectors>(row, stride, 4, 1);
            c42 += Initial<TVector, TRows, TVectors>(row, stride, 4, 2);
            e4 += InitialLast<TVector, TLast, TRows, TVectors>(row, stride, 4, mask);
            c50 += Initial<TVector, TRows, TVectors>(row, stride, 5, 0);
            c51 += Initial<TVector, TRows, TVectors>(row, stride, 5, 1);
            c52 += Initial<TVector, TRows, TVectors>(row, stride, 5, 2);
            e5 += InitialLast<TVector, TLast, TRows, TVectors>(row, stride, 5, mask);
        }

        row = tile.Result;
        stride = tile.ResultStride;
        if (tile.LastLanes == TLast.Width)
        {
            StoreRow<TVector, TLast, TRows, TVectors>(row, stride, 0, c00, c01, c02, e0);
            StoreRow<TVector, TLast, TRows, TVectors>(row, stride, 1, c10, c11, c12, e1);
            StoreRow<TVector, TLast, TRows, TVectors>(row, stride, 2, c20, c21, c22, e2);
            StoreRow<TVector, TLast, TRows, TVectors>(row, stride, 3, c30, c31, c32, e3);
            StoreRow<TVector, TLast, TRows, TVectors>(row, stride, 4, c40, c41, c42, e4);
            StoreRow<TVector, TLast, TRows, TVectors>(row, stride, 5, c50, c51, c52, e5);
            return;
        }

        StoreRow<TVector, TLast, TRows, TVectors>(row, stride, 0, c00, c01, c02, e0, mask);
        StoreRow<TVector, TLast, TRows, TVectors>(row, stride, 1, c10, c11, c12, e1, mask);
        StoreRow<TVector, TLast, TRows, TVectors>(row, stride, 2, c20, c21, c22, e2, mask);
        StoreRow<TVector, TLast, TRows, TVectors>(row, stride, 3, c30, c31, c32, e3, mask);
        StoreRow<TVector, TLast, TRows, TVectors>(row, stride, 4, c40, c41, c42, e4, mask);
        StoreRow<TVector, TLast, TRows, TVectors>(row, stride, 5, c50, c51, c52, e5, mask);
    }

    /// <summary>The lower lanes: the same register under another name, where a second broadcast would take a port of the arithmetic units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLast Narrow<TVector, TLast>(TVector value)
        where TVector : unmanaged, IFloatVector<TVector>
        where TLast : unmanaged, IFloatVector<TLast>
    {
        if (typeof(TVector) == typeof(Float512) && typeof(TLast) == typeof(Float256))
        {
            return Unsafe.BitCast<Float256, TLast>(new(Unsafe.BitCast<TVector, Float512>(value).Value.GetLower()));
        }

        return Unsafe.BitCast<TVector, TLast>(value);
    }

    /// <summary>Asks for the cache lines that will be added to or written when the sums are done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<TVector, TRows, TVectors>(float* result, nint stride, int row)
        where TVector : unmanaged, IFloatVector<TVector>
        where TRows : struct, ITileCount
        where TVectors : struct, ITileCount
    {
        if (!Sse.IsSupported || row >= TRows.Value)
        {
            return;
        }

        result += row * stride;
        Sse.Prefetch0(result);
        if (TVectors.Value * TVector.Width > 16)
        {
            Sse.Prefetch0(result + 16);
        }

        if (TVectors.Value * TVector.Width > 32)
        {
            Sse.Prefetch0(result + 32);
        }

        if (TVectors.Value * TVector.Width > 48)
        {
            Sse.Prefetch0(result + 48);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Initial<TVector, TRows, TVectors>(float* initial, nint stride, int row, int vector)
        where TVector : unmanaged, IFloatVector<TVector>
        where TRows : struct, ITileCount
        where TVectors : struct, ITileCount
        => row < TRows.Value && vector < TVectors.Value - 1 ? TVector.Load(initial + (row * stride) + (vector * TVector.Width)) : TVector.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLast InitialLast<TVector, TLast, TRows, TVectors>(float* initial, nint stride, int row, TLast mask)
        where TVector : unmanaged, IFloatVector<TVector>
        where TLast : unmanaged, IFloatVector<TLast>
        where TRows : struct, ITileCount
        where TVectors : struct, ITileCount
        => row < TRows.Value ? TLast.LoadMasked(initial + (row * stride) + ((TVectors.Value - 1) * TVector.Width), mask) : TLast.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<TVector, TLast, TRows, TVectors>(float* result, nint stride, int row, TVector c0, TVector c1, TVector c2, TLast last)
        where TVector : unmanaged, IFloatVector<TVector>
        where TLast : unmanaged, IFloatVector<TLast>
        where TRows : struct, ITileCount
        where TVectors : struct, ITileCount
    {
        if (row >= TRows.Value)
        {
            return;
        }

        result += row * stride;
        StoreWhole<TVector, TVectors>(result, c0, c1, c2);
        TLast.Store(last, result + ((TVectors.Value - 1) * TVector.Width));
    }

    /// <summary>The same with only the mask's lanes of the last vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<TVector, TLast, TRows, TVectors>(
        float* result, nint stride, int row, TVector c0, TVector c1, TVector c2, TLast last, TLast mask)
        where TVector : unmanaged, IFloatVector<TVector>
        where TLast : unmanaged, IFloatVector<TLast>
        where TRows : struct, ITileCount
        where TVectors : struct, ITileCount
    {
        if (row >= TRows.Value)
        {
            return;
        }

        result += row * stride;
        StoreWhole<TVector, TVectors>(result, c0, c1, c2);
        TLast.StoreMasked(last, result + ((TVectors.Value - 1) * TVector.Width), mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreWhole<TVector, TVectors>(float* result, TVector c0, TVector c1, TVector c2)
        where TVector : unmanaged, IFloatVector<TVector>
        where TVectors : struct, ITileCount
    {
        if (TVectors.Value > 1)
        {
            TVector.Store(c0, result);
        }

        if (TVectors.Value > 2)
        {
            TVector.Store(c1, result + TVector.Width);
        }

        if (TVectors.Value > 3)
        {
            TVector.Store(c2, result + (2 * TVector.Width));
        }
    }
}
