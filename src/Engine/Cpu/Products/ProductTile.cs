using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Products;

/// <summary>
/// A tile of a product: up to <see cref="Rows"/> rows and <see cref="MaximumVectors{TVector}"/> vectors of columns, summed in registers over
/// the whole depth that is handed in. Result[i, j] = Σ_k Left[i·LeftRow + k·LeftStep]·Right[k·RightStep + j] + Initial[i, j], terms in order of k.
/// </summary>
/// <remarks>
/// The two strides of Left serve a matrix in place (LeftRow its row stride, LeftStep 1), its transpose in place (1, row stride) and a packed
/// panel (1, rows of the panel). Right is a packed panel, or a matrix in place if the panel's last vector may be read whole.
/// The result goes to its place as it is; whoever needs more than a sum has it written to a small block and finishes it from there:
/// a call, or the registers of an activation, beside living accumulators would make the JIT keep these in memory.
/// </remarks>
internal unsafe struct ProductTile
{
    /// <summary>Rows of a full tile.</summary>
    public const int Rows = 6;

    public float* Left;
    public nint LeftRow;
    public nint LeftStep;

    /// <summary>The first of the columns' vectors at depth 0.</summary>
    public float* Right;
    public nint RightStep;
    public nint Depth;

    /// <summary>What is added to the sums, or null; may be Result.</summary>
    public float* Initial;
    public nint InitialStride;
    public float* Result;
    public nint ResultStride;

    /// <summary>Lanes of the last vector that are columns of the result: 1 to Width; no other memory of Initial and Result is touched.</summary>
    public int LastLanes;

    /// <summary>Vectors in a row of a full tile: what the register file holds beside six rows (32 registers, or 16).</summary>
    public static int MaximumVectors<TVector>()
        where TVector : unmanaged, IFloatVector<TVector> => TVector.Width == 16 || AdvSimd.Arm64.IsSupported ? 4 : 2;

    /// <summary>Computes the tile. <paramref name="rows"/> is 1 to 6, <paramref name="vectors"/> 1 to <see cref="MaximumVectors{TVector}"/>.</summary>
    public static void Run<TVector>(int rows, int vectors, in ProductTile tile)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        if (typeof(TVector) == typeof(Float512) && tile.LastLanes <= Float256.Width)
        {
            Run<TVector, Float256>(rows, vectors, tile);
            return;
        }

        Run<TVector, TVector>(rows, vectors, tile);
    }

    private static void Run<TVector, TLast>(int rows, int vectors, in ProductTile tile)
        where TVector : unmanaged, IFloatVector<TVector>
        where TLast : unmanaged, IFloatVector<TLast>
    {
        switch (rows)
        {
            case 6: Run<TVector, TLast, Six>(vectors, tile); break;
            case 5: Run<TVector, TLast, Five>(vectors, tile); break;
            case 4: Run<TVector, TLast, Four>(vectors, tile); break;
            case 3: Run<TVector, TLast, Three>(vectors, tile); break;
            case 2: Run<TVector, TLast, Two>(vectors, tile); break;
            default: Run<TVector, TLast, One>(vectors, tile); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TVector, TLast, TRows>(int vectors, in ProductTile tile)
        where TVector : unmanaged, IFloatVector<TVector>
        where TLast : unmanaged, IFloatVector<TLast>
        where TRows : struct, ITileCount
    {
        switch (vectors)
        {
            case 4: ProductTileKernel.Run<TVector, TLast, TRows, Four>(tile); break;
            case 3: ProductTileKernel.Run<TVector, TLast, TRows, Three>(tile); break;
            case 2: ProductTileKernel.Run<TVector, TLast, TRows, Two>(tile); break;
            default: ProductTileKernel.Run<TVector, TLast, TRows, One>(tile); break;
        }
    }
}
