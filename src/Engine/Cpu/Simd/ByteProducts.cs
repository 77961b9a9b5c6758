using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LargeRec.Engine.Cpu.Simd;

/// <summary>
/// Products of unsigned bytes and signed digits, exact in 32 bits. A panel holds 16 rows in groups of four columns, 64 bytes a group: the four bytes of row 0,
/// of row 1, and so on. Digits are within ±64, so that two products fit into the 16 bits that multiply-add of bytes saturates at: 2·255·64 &lt; 2¹⁵.
/// </summary>
internal static unsafe class ByteProducts
{
    /// <summary>Rows of a panel.</summary>
    public const int Rows = 16;

    /// <summary>highs[i] = Σ row_i·high, lows[i] = Σ row_i·low, each from a start on.</summary>
    /// <param name="panel">[groups, 16, 4].</param>
    /// <param name="high">[groups], four digits each.</param>
    /// <param name="low">[groups], four digits each.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TVector>(byte* panel, int* high, int* low, int groups, int highStart, int lowStart, int* highs, int* lows)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        if (TVector.Width == 16 && Avx512BW.IsSupported)
        {
            Run512(panel, high, low, groups, highStart, lowStart, highs, lows);
        }
        else if (TVector.Width >= 8 && AvxVnni.IsSupported)
        {
            RunVnni(panel, high, low, groups, highStart, lowStart, highs, lows);
        }
        else if (TVector.Width >= 8 && Avx2.IsSupported)
        {
            Run256(panel, high, low, groups, highStart, lowStart, highs, lows);
        }
        else if (Ssse3.IsSupported)
        {
            Run128(panel, high, low, groups, highStart, lowStart, highs, lows);
        }
        else
        {
            RunPortable(panel, high, low, groups, highStart, lowStart, highs, lows);
        }
    }

    /// <summary>For machines without a multiply-add of bytes: each of a group's columns by a shift.</summary>
    public static void RunPortable(byte* panel, int* high, int* low, int groups, int highStart, int lowStart, int* highs, int* lows)
    {
        for (var row = 0; row < Rows; row += 4)
        {
            Vector128<int> highSum = Vector128.Create(highStart), lowSum = Vector128.Create(lowStart);
            for (nint group = 0; group < groups; group++)
            {
                var bytes = Vector128.Load((uint*)(panel + (64 * group)) + row);
                for (var column = 0; column < 4; column++)
                {
                    var values = (Vector128.ShiftRightLogical(bytes, 8 * column) & Vector128.Create(255u)).AsInt32();
                    highSum += values * ((sbyte*)(high + group))[column];
                    lowSum += values * ((sbyte*)(low + group))[column];
                }
            }

            highSum.Store(highs + row);
            lowSum.Store(lows + row);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Run512(byte* panel, int* high, int* low, int groups, int highStart, int lowStart, int* highs, int* lows)
    {
        Vector512<int> highSum = Vector512.Create(highStart), lowSum = Vector512.Create(lowStart);
        var ones = Vector512<short>.One;
        for (nint group = 0; group < groups; group++)
        {
            var bytes = Vector512.Load(panel + (64 * group));
            highSum += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(bytes, Vector512.Create(high[group]).AsSByte()), ones);
            lowSum += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(bytes, Vector512.Create(low[group]).AsSByte()), ones);
        }

        highSum.Store(highs);
        lowSum.Store(lows);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunVnni(byte* panel, int* high, int* low, int groups, int highStart, int lowStart, int* highs, int* lows)
    {
        Vector256<int> high0 = Vector256.Create(highStart), high1 = high0, low0 = Vector256.Create(lowStart), low1 = low0;
        for (nint group = 0; group < groups; group++)
        {
            var (bytes0, bytes1) = (Vector256.Load(panel + (64 * group)), Vector256.Load(panel + (64 * group) + 32));
            var digits = Vector256.Create(high[group]).AsSByte();
            high0 = AvxVnni.MultiplyWideningAndAdd(high0, bytes0, digits);
            high1 = AvxVnni.MultiplyWideningAndAdd(high1, bytes1, digits);
            digits = Vector256.Create(low[group]).AsSByte();
            low0 = AvxVnni.MultiplyWideningAndAdd(low0, bytes0, digits);
            low1 = AvxVnni.MultiplyWideningAndAdd(low1, bytes1, digits);
        }

        high0.Store(highs);
        high1.Store(highs + 8);
        low0.Store(lows);
        low1.Store(lows + 8);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Run256(byte* panel, int* high, int* low, int groups, int highStart, int lowStart, int* highs, int* lows)
    {
        Vector256<int> high0 = Vector256.Create(highStart), high1 = high0, low0 = Vector256.Create(lowStart), low1 = low0;
        var ones = Vector256<short>.One;
        for (nint group = 0; group < groups; group++)
        {
            var (bytes0, bytes1) = (Vector256.Load(panel + (64 * group)), Vector256.Load(panel + (64 * group) + 32));
            var digits = Vector256.Create(high[group]).AsSByte();
            high0 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(bytes0, digits), ones);
            high1 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(bytes1, digits), ones);
            digits = Vector256.Create(low[group]).AsSByte();
            low0 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(bytes0, digits), ones);
            low1 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(bytes1, digits), ones);
        }

        high0.Store(highs);
        high1.Store(highs + 8);
        low0.Store(lows);
        low1.Store(lows + 8);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Run128(byte* panel, int* high, int* low, int groups, int highStart, int lowStart, int* highs, int* lows)
    {
        var ones = Vector128<short>.One;
        for (var row = 0; row < Rows; row += 4)
        {
            Vector128<int> highSum = Vector128.Create(highStart), lowSum = Vector128.Create(lowStart);
            for (nint group = 0; group < groups; group++)
            {
                var bytes = Vector128.Load(panel + (64 * group) + (4 * row));
                highSum += Sse2.MultiplyAddAdjacent(Ssse3.MultiplyAddAdjacent(bytes, Vector128.Create(high[group]).AsSByte()), ones);
                lowSum += Sse2.MultiplyAddAdjacent(Ssse3.MultiplyAddAdjacent(bytes, Vector128.Create(low[group]).AsSByte()), ones);
            }

            highSum.Store(highs + row);
            lowSum.Store(lows + row);
        }
    }
}
