using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Execution;
using LargeRec.Kernels.Tests.Interpretation.Programs;
using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary><c>mov</c>: between registers, from literals, special registers and addresses of variables; packs and unpacks <c>{low, high}</c>.</summary>
internal static class Moves
{
    public static void Decode(ProgramBuilder builder, InstructionStatement statement, string[] words)
    {
        if (words.Length != 2 || !PtxTypes.TryParse(words[1], out var type))
        {
            throw OperandReader.Unknown(statement);
        }

        OperandReader.ExpectCount(statement, 2);
        switch (statement.Operands[0], statement.Operands[1])
        {
            case (VectorOperand parts, not VectorOperand):
                var parted = OperandReader.Registers(builder, statement, 0, Part(statement, type, parts), parts.Items.Count, mayBeWider: false);
                builder.Emit(statement, Unpack, parted, [OperandReader.Source(builder, statement, statement.Operands[1], type)]).Variant = type.Size();
                break;
            case (not VectorOperand, VectorOperand parts):
                var joined = OperandReader.Sources(builder, statement, 1, Part(statement, type, parts), parts.Items.Count, mayBeWider: false);
                builder.Emit(statement, Pack, [OperandReader.Register(builder, statement, statement.Operands[0], type)], joined).Variant = type.Size();
                break;
            default:
                // The types of a move are not checked by ptxas, only the widths.
                var width = Untyped(type);
                var source = OperandReader.Source(builder, statement, statement.Operands[1], statement.Operands[1] is FloatOperand ? type : width);
                var result = OperandReader.Register(builder, statement, statement.Operands[0], width);
                builder.Emit(statement, type == PtxType.Pred ? MovePredicate : Move, [result], [source]);
                break;
        }
    }

    private static PtxType Untyped(PtxType type) => type.Size() switch
    {
        0 => PtxType.Pred,
        2 => PtxType.B16,
        4 => PtxType.B32,
        8 => PtxType.B64,
        _ => type,
    };

    private static PtxType Part(InstructionStatement statement, PtxType type, VectorOperand parts) => (type.Size(), parts.Items.Count) switch
    {
        (8, 2) => PtxType.B32,
        (8, 4) or (4, 2) => PtxType.B16,
        _ => throw OperandReader.Unknown(statement),
    };

    private static void MovePredicate(Warp warp, Instruction instruction, uint mask) =>
        warp.SetPredicate(instruction.D, warp.Predicate(instruction.A), mask);

    private static unsafe void Move(Warp warp, Instruction instruction, uint mask)
    {
        var d = warp.Slot(instruction.D);
        var a = warp.Slot(instruction.A);
        if (mask == uint.MaxValue)
        {
            Buffer.MemoryCopy(a, d, Warp.SlotBytes, Warp.SlotBytes);
            return;
        }

        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            Lanes.Write(d + (lane * 8), Lanes.Read<ulong>(a, lane));
        }
    }

    private static unsafe void Unpack(Warp warp, Instruction instruction, uint mask)
    {
        var width = 8 * instruction.Variant / instruction.Results.Length;
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            var value = Lanes.Read<ulong>(warp.Slot(instruction.A), lane);
            for (var part = 0; part < instruction.Results.Length; part++)
            {
                Lanes.Write(warp.Slot(instruction.Results[part]) + (lane * 8), (value >> (part * width)) & ((1UL << width) - 1));
            }
        }
    }

    private static unsafe void Pack(Warp warp, Instruction instruction, uint mask)
    {
        var width = 8 * instruction.Variant / instruction.Operands.Length;
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            ulong value = 0;
            for (var part = 0; part < instruction.Operands.Length; part++)
            {
                value |= (Lanes.Read<ulong>(warp.Slot(instruction.Operands[part]), lane) & ((1UL << width) - 1)) << (part * width);
            }

            Lanes.Write(warp.Slot(instruction.D) + (lane * 8), value);
        }
    }
}
