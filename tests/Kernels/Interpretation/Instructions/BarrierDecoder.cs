using LargeRec.Kernels.Tests.Interpretation.Execution;
using LargeRec.Kernels.Tests.Interpretation.Programs;
using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary>Barriers of the group (number 0, all threads), of the warp, and fences, which change nothing in an order of execution that is already
/// one.</summary>
internal static class BarrierDecoder
{
    public static void Decode(ProgramBuilder builder, InstructionStatement statement, string[] words)
    {
        switch (statement.Opcode)
        {
            case "bar.sync" or "barrier.sync" or "barrier.sync.aligned" or "bar.cta.sync":
                OperandReader.ExpectCount(statement, 1);
                CheckNumber(statement, 0);
                builder.Emit(statement, null, [], []).Flow = Flow.GroupBarrier;
                break;
            case "bar.red.popc.u32":
                Reduction(builder, statement, PtxType.U32, BarrierReduction.Count);
                break;
            case "bar.red.and.pred":
                Reduction(builder, statement, PtxType.Pred, BarrierReduction.All);
                break;
            case "bar.red.or.pred":
                Reduction(builder, statement, PtxType.Pred, BarrierReduction.Any);
                break;
            case "bar.warp.sync":
                OperandReader.ExpectCount(statement, 1);
                var barrier = builder.Emit(statement, MeetWarp, [], []);
                barrier.Flow = Flow.WarpMeeting;
                barrier.Members = OperandReader.Source(builder, statement, statement.Operands[0], PtxType.B32);
                break;
            case "membar.cta" or "membar.gl" or "membar.sys" or "fence.acq_rel.cta" or "fence.acq_rel.gpu" or "fence.acq_rel.sys"
                or "fence.sc.cta" or "fence.sc.gpu" or "fence.sc.sys":
                OperandReader.ExpectCount(statement, 0);
                builder.Emit(statement, static (_, _, _) => { }, [], []);
                break;
            default:
                throw OperandReader.Unknown(statement);
        }
    }

    /// <summary>Only a barrier of the whole warp orders its threads' accesses.</summary>
    private static void MeetWarp(Warp warp, Instruction instruction, uint mask) => warp.MeetingEpoch += mask == warp.Live ? 1 : 0;

    private static void Reduction(ProgramBuilder builder, InstructionStatement statement, PtxType type, BarrierReduction reduction)
    {
        OperandReader.ExpectCount(statement, 3);
        CheckNumber(statement, 1);
        var result = OperandReader.Register(builder, statement, statement.Operands[0], type);
        var predicate = OperandReader.Source(builder, statement, statement.Operands[2], PtxType.Pred);
        var instruction = builder.Emit(statement, null, [result], [predicate]);
        instruction.Flow = Flow.GroupBarrier;
        instruction.Variant = (int)reduction;
    }

    private static void CheckNumber(InstructionStatement statement, int index)
    {
        if (statement.Operands[index] is not IntegerOperand { Value: 0 })
        {
            throw OperandReader.Fail(statement, PtxErrorKind.UnknownInstruction, "barriers other than number 0 are not implemented");
        }
    }
}
