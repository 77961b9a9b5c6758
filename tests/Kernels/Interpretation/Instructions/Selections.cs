using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Execution;
using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary><c>selp</c>: the first operand where the predicate holds, else the second; <c>testp</c>: the class of a float.</summary>
internal static class Selections
{
    public static void AddTo(InstructionTable table)
    {
        foreach (var type in (PtxType[])[PtxType.B16, PtxType.U16, PtxType.S16, PtxType.B32, PtxType.U32, PtxType.S32, PtxType.F32, PtxType.B64, PtxType.U64,
            PtxType.S64, PtxType.F64])
        {
            table.Add($"selp.{Suffix(type)}", type, [type, type, PtxType.Pred], Select);
        }

        AddTests<float>(table, PtxType.F32, "f32");
        AddTests<double>(table, PtxType.F64, "f64");
    }

    private static string Suffix(PtxType type) => type.ToString()[..1] switch
    {
        "B" => $"b{8 * type.Size()}",
        "U" => $"u{8 * type.Size()}",
        "S" => $"s{8 * type.Size()}",
        _ => $"f{8 * type.Size()}",
    };

    private static unsafe void Select(Warp warp, Instruction instruction, uint mask)
    {
        var d = warp.Slot(instruction.D);
        var a = warp.Slot(instruction.A);
        var b = warp.Slot(instruction.B);
        var predicate = warp.Predicate(instruction.C);
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            Lanes.Write(d + (lane * 8), Lanes.Read<ulong>((predicate & (1u << lane)) != 0 ? a : b, lane));
        }
    }

    private static void AddTests<T>(InstructionTable table, PtxType type, string suffix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        table.Add($"testp.finite.{suffix}", PtxType.Pred, [type], static (warp, i, mask) => Test<T>(warp, i, mask, T.IsFinite));
        table.Add($"testp.infinite.{suffix}", PtxType.Pred, [type], static (warp, i, mask) => Test<T>(warp, i, mask, T.IsInfinity));
        table.Add($"testp.number.{suffix}", PtxType.Pred, [type], static (warp, i, mask) => Test<T>(warp, i, mask, static x => !T.IsNaN(x)));
        table.Add($"testp.notanumber.{suffix}", PtxType.Pred, [type], static (warp, i, mask) => Test<T>(warp, i, mask, T.IsNaN));
        table.Add($"testp.normal.{suffix}", PtxType.Pred, [type], static (warp, i, mask) => Test<T>(warp, i, mask, T.IsNormal));
        table.Add($"testp.subnormal.{suffix}", PtxType.Pred, [type], static (warp, i, mask) => Test<T>(warp, i, mask, T.IsSubnormal));
    }

    private static unsafe void Test<T>(Warp warp, Instruction instruction, uint mask, Func<T, bool> test)
        where T : unmanaged
    {
        uint bits = 0;
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var lane = BitOperations.TrailingZeroCount(rest);
            bits |= test(Lanes.Read<T>(warp.Slot(instruction.A), lane)) ? 1u << lane : 0;
        }

        warp.SetPredicate(instruction.D, bits, mask);
    }
}
