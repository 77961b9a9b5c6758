using LargeRec.Kernels.Tests.Interpretation.Execution;
using LargeRec.Kernels.Tests.Interpretation.Memory;
using LargeRec.Kernels.Tests.Interpretation.Programs;
using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary><c>ldmatrix</c>: one, two or four matrices of 8 by 8 16-bit elements from shared memory; lane 8 m + r names row r of matrix m.</summary>
internal static unsafe class MatrixLoads
{
    private const int RowBytes = 16;

    public static void Decode(ProgramBuilder builder, InstructionStatement statement)
    {
        var (count, isTransposed) = statement.Opcode switch
        {
            "ldmatrix.sync.aligned.m8n8.x1.shared.b16" => (1, false),
            "ldmatrix.sync.aligned.m8n8.x2.shared.b16" => (2, false),
            "ldmatrix.sync.aligned.m8n8.x4.shared.b16" => (4, false),
            "ldmatrix.sync.aligned.m8n8.x1.trans.shared.b16" => (1, true),
            "ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16" => (2, true),
            "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16" => (4, true),
            _ => throw OperandReader.Unknown(statement),
        };
        OperandReader.ExpectCount(statement, 2);
        var results = OperandReader.Registers(builder, statement, 0, PtxType.B32, count, mayBeWider: false);
        var address = OperandReader.Address(statement, 1);
        var (slot, isShort) = OperandReader.AddressBase(builder, statement, address);
        var instruction = builder.Emit(statement, Load, results, [slot]);
        MemoryDecoder.SetAddress(builder, instruction, PtxSpace.Shared, RowBytes, address.Offset, isShort);
        instruction.Flow = Flow.WarpMeeting;
        instruction.Variant = isTransposed ? 1 : 0;
    }

    private static void Load(Warp warp, Instruction instruction, uint mask)
    {
        if (mask != uint.MaxValue)
        {
            throw warp.Fail(PtxErrorKind.DivergentBarrier, "ldmatrix needs all 32 threads of the warp", mask);
        }

        warp.Memory.Begin();
        var rows = stackalloc ushort*[8];
        for (var matrix = 0; matrix < instruction.Results.Length; matrix++)
        {
            for (var row = 0; row < 8; row++)
            {
                var lane = (8 * matrix) + row;
                rows[row] = (ushort*)warp.Memory.Access(PtxSpace.Shared, warp.Address(instruction, instruction.A, lane), RowBytes, AccessKind.Read, lane);
            }

            for (var lane = 0; lane < Warp.Size; lane++)
            {
                var (line, pair) = (lane >> 2, 2 * (lane & 3));
                var (low, high) = instruction.Variant == 1 ? (rows[pair][line], rows[pair + 1][line]) : (rows[line][pair], rows[line][pair + 1]);
                Lanes.Write(warp.Slot(instruction.Results[matrix]) + (lane * 8), low | ((uint)high << 16));
            }
        }

        warp.Memory.End(AccessKind.Read);
    }
}
