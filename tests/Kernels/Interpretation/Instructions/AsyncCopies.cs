using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Execution;
using LargeRec.Kernels.Tests.Interpretation.Memory;
using LargeRec.Kernels.Tests.Interpretation.Programs;
using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary><c>cp.async</c> from global to shared memory, with commit and wait; where a source size is given, the rest is filled with zeros.</summary>
internal static unsafe class AsyncCopies
{
    public static void Decode(ProgramBuilder builder, InstructionStatement statement)
    {
        switch (statement.Opcode)
        {
            case "cp.async.ca.shared.global" or "cp.async.cg.shared.global" or "cp.async.ca.shared.global.L2::128B" or "cp.async.cg.shared.global.L2::128B":
                DecodeCopy(builder, statement);
                break;
            case "cp.async.commit_group":
                OperandReader.ExpectCount(statement, 0);
                builder.Emit(statement, static (warp, i, mask) => ForEach(mask, warp.Copies.Commit), [], []);
                break;
            case "cp.async.wait_group":
                OperandReader.ExpectCount(statement, 1);
                if (statement.Operands[0] is not IntegerOperand { Value: >= 0 } open)
                {
                    throw OperandReader.Fail(statement, PtxErrorKind.Operand, "the number of batches that may stay open must be a constant");
                }

                builder.Emit(statement, static (warp, i, mask) => ForEach(mask, lane => warp.Copies.Wait(lane, (int)i.Immediate)), [], [])
                    .Immediate = open.Value;
                break;
            case "cp.async.wait_all":
                OperandReader.ExpectCount(statement, 0);
                builder.Emit(statement, static (warp, i, mask) => ForEach(mask, warp.Copies.WaitAll), [], []);
                break;
            default:
                throw OperandReader.Unknown(statement);
        }
    }

    private static void DecodeCopy(ProgramBuilder builder, InstructionStatement statement)
    {
        var isWide = statement.Opcode.StartsWith("cp.async.cg", StringComparison.Ordinal);
        if (OperandReader.At(statement, 2) is not IntegerOperand { Value: 4 or 8 or 16 } size || (isWide && size.Value != 16))
        {
            throw OperandReader.Fail(statement, PtxErrorKind.Operand, "a copy has 4, 8 or 16 bytes, with .cg only 16");
        }

        var target = OperandReader.Address(statement, 0);
        var source = OperandReader.Address(statement, 1);
        var (targetSlot, isShort) = OperandReader.AddressBase(builder, statement, target);
        var (sourceSlot, isSourceShort) = OperandReader.AddressBase(builder, statement, source);
        if (isSourceShort || source.Offset != 0)
        {
            throw OperandReader.Fail(statement, PtxErrorKind.Operand, "the source of a copy must be a 64-bit register");
        }

        List<int> operands = [targetSlot, sourceSlot];
        if (statement.Operands.Count == 4)
        {
            operands.Add(OperandReader.Source(builder, statement, statement.Operands[3], PtxType.U32));
        }

        var instruction = builder.Emit(statement, Copy, [], [.. operands]);
        MemoryDecoder.SetAddress(builder, instruction, PtxSpace.Shared, (int)size.Value, target.Offset, isShort);
        instruction.Variant = (int)size.Value;
    }

    private static void Copy(Warp warp, Instruction instruction, uint mask)
    {
        var size = instruction.Variant;
        warp.Memory.Begin();
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            var data = new byte[size];
            var read = instruction.Operands.Length > 2 ? (int)Math.Min((uint)size, Lanes.Read<uint>(warp.Slot(instruction.C), lane)) : size;
            if (read > 0)
            {
                var from = warp.Memory.Access(PtxSpace.Global, Lanes.Read<ulong>(warp.Slot(instruction.B), lane), read, AccessKind.Read, lane);
                new ReadOnlySpan<byte>(from, read).CopyTo(data);
            }

            var (segment, offset) = warp.Memory.BeginCopy(warp.Address(instruction, instruction.A, lane), size, lane);
            warp.Copies.Add(lane, segment, offset, data);
        }

        warp.Memory.End(AccessKind.Read);
    }

    private static void ForEach(uint mask, Action<int> action)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            action(BitOperations.TrailingZeroCount(mask));
        }
    }
}
