using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Execution;
using LargeRec.Kernels.Tests.Interpretation.Programs;
using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary>Shuffles, votes and reductions of a warp.</summary>
internal static unsafe class WarpInstructions
{
    private enum Shuffle
    {
        Up,
        Down,
        Butterfly,
        Index,
    }

    public static void Decode(ProgramBuilder builder, InstructionStatement statement, string[] words)
    {
        switch (statement.Opcode)
        {
            case "shfl.sync.up.b32":
                DecodeShuffle(builder, statement, Shuffle.Up);
                break;
            case "shfl.sync.down.b32":
                DecodeShuffle(builder, statement, Shuffle.Down);
                break;
            case "shfl.sync.bfly.b32":
                DecodeShuffle(builder, statement, Shuffle.Butterfly);
                break;
            case "shfl.sync.idx.b32":
                DecodeShuffle(builder, statement, Shuffle.Index);
                break;
            case "vote.sync.all.pred":
                Collective(builder, statement, PtxType.Pred, PtxType.Pred, static (warp, i, mask) => Vote(warp, i, mask, (warp.Predicate(i.A) & mask) == mask));
                break;
            case "vote.sync.any.pred":
                Collective(builder, statement, PtxType.Pred, PtxType.Pred, static (warp, i, mask) => Vote(warp, i, mask, (warp.Predicate(i.A) & mask) != 0));
                break;
            case "vote.sync.uni.pred":
                Collective(builder, statement, PtxType.Pred, PtxType.Pred, static (warp, i, mask) =>
                    Vote(warp, i, mask, (warp.Predicate(i.A) & mask) == mask || (warp.Predicate(i.A) & mask) == 0));
                break;
            case "vote.sync.ballot.b32":
                Collective(builder, statement, PtxType.B32, PtxType.Pred, static (warp, i, mask) => Fill(warp, i, mask, warp.Predicate(i.A) & mask));
                break;
            case "activemask.b32":
                OperandReader.ExpectCount(statement, 1);
                builder.Emit(statement, static (warp, i, mask) => Fill(warp, i, mask, mask),
                    [OperandReader.Register(builder, statement, statement.Operands[0], PtxType.B32)], []);
                break;
            default:
                DecodeReduction(builder, statement, words);
                break;
        }
    }

    private static void DecodeReduction(ProgramBuilder builder, InstructionStatement statement, string[] words)
    {
        LaneAction action = statement.Opcode switch
        {
            "redux.sync.add.s32" or "redux.sync.add.u32" => static (warp, i, mask) => Reduce<uint>(warp, i, mask, static (a, b) => a + b),
            "redux.sync.min.s32" => static (warp, i, mask) => Reduce<int>(warp, i, mask, Math.Min),
            "redux.sync.min.u32" => static (warp, i, mask) => Reduce<uint>(warp, i, mask, Math.Min),
            "redux.sync.max.s32" => static (warp, i, mask) => Reduce<int>(warp, i, mask, Math.Max),
            "redux.sync.max.u32" => static (warp, i, mask) => Reduce<uint>(warp, i, mask, Math.Max),
            "redux.sync.and.b32" => static (warp, i, mask) => Reduce<uint>(warp, i, mask, static (a, b) => a & b),
            "redux.sync.or.b32" => static (warp, i, mask) => Reduce<uint>(warp, i, mask, static (a, b) => a | b),
            "redux.sync.xor.b32" => static (warp, i, mask) => Reduce<uint>(warp, i, mask, static (a, b) => a ^ b),
            _ => throw OperandReader.Unknown(statement),
        };
        var type = PtxTypes.TryParse(words[^1], out var named) ? named : throw OperandReader.Unknown(statement);
        Collective(builder, statement, type, type, action);
    }

    private static void Collective(ProgramBuilder builder, InstructionStatement statement, PtxType result, PtxType operand, LaneAction action)
    {
        OperandReader.ExpectCount(statement, 3);
        var instruction = builder.Emit(
            statement,
            action,
            [OperandReader.Register(builder, statement, statement.Operands[0], result)],
            [OperandReader.Source(builder, statement, statement.Operands[1], operand)]);
        instruction.Flow = Flow.WarpMeeting;
        instruction.Members = OperandReader.Source(builder, statement, statement.Operands[2], PtxType.B32);
    }

    private static void DecodeShuffle(ProgramBuilder builder, InstructionStatement statement, Shuffle mode)
    {
        OperandReader.ExpectCount(statement, 5);
        var destination = statement.Operands[0];
        int[] results = destination is PairOperand pair
            ? [OperandReader.Register(builder, statement, pair.First, PtxType.B32), OperandReader.Register(builder, statement, pair.Second, PtxType.Pred)]
            : [OperandReader.Register(builder, statement, destination, PtxType.B32)];
        var operands = statement.Operands.Skip(1).Take(3).Select(o => OperandReader.Source(builder, statement, o, PtxType.B32));
        var instruction = builder.Emit(statement, RunShuffle, results, [.. operands]);
        instruction.Flow = Flow.WarpMeeting;
        instruction.Members = OperandReader.Source(builder, statement, statement.Operands[4], PtxType.B32);
        instruction.Variant = (int)mode;
    }

    /// <summary>PTX ISA, section of shfl.sync: where the source lies outside of the segment a lane keeps its own value; that of an absent lane is
    /// undefined.</summary>
    private static void RunShuffle(Warp warp, Instruction instruction, uint mask)
    {
        var values = new Span<ulong>(warp.Slot(instruction.A), Warp.Size).ToArray();
        uint inRange = 0;
        uint absent = 0;
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var lane = BitOperations.TrailingZeroCount(rest);
            var b = (int)(Lanes.Read<uint>(warp.Slot(instruction.B), lane) & 31);
            var c = (int)Lanes.Read<uint>(warp.Slot(instruction.C), lane);
            var segment = (c >> 8) & 31;
            var bound = (lane & segment) | (c & 31 & ~segment);
            var (source, valid) = (Shuffle)instruction.Variant switch
            {
                Shuffle.Up => (lane - b, lane - b >= bound),
                Shuffle.Down => (lane + b, lane + b <= bound),
                Shuffle.Butterfly => (lane ^ b, (lane ^ b) <= bound),
                _ => ((lane & segment) | (b & ~segment), ((lane & segment) | (b & ~segment)) <= bound),
            };
            source = valid ? source : lane;
            inRange |= valid ? 1u << lane : 0;
            absent |= (mask & (1u << source)) == 0 ? 1u << lane : 0;
            Lanes.Write(warp.Slot(instruction.D) + (lane * 8), (uint)values[source]);
        }

        warp.Undefine(instruction.D, absent);
        if (instruction.Results.Length > 1)
        {
            warp.SetPredicate(instruction.Results[1], inRange, mask);
        }
    }

    private static void Vote(Warp warp, Instruction instruction, uint mask, bool result) => warp.SetPredicate(instruction.D, result ? uint.MaxValue : 0, mask);

    private static void Fill(Warp warp, Instruction instruction, uint mask, uint value)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            Lanes.Write(warp.Slot(instruction.D) + (BitOperations.TrailingZeroCount(mask) * 8), value);
        }
    }

    private static void Reduce<T>(Warp warp, Instruction instruction, uint mask, Func<T, T, T> combine)
        where T : unmanaged
    {
        var values = warp.Slot(instruction.A);
        var total = Lanes.Read<T>(values, BitOperations.TrailingZeroCount(mask));
        for (var rest = mask & (mask - 1); rest != 0; rest &= rest - 1)
        {
            total = combine(total, Lanes.Read<T>(values, BitOperations.TrailingZeroCount(rest)));
        }

        Fill(warp, instruction, mask, *(uint*)&total);
    }
}
