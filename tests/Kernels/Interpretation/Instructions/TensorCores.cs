using LargeRec.Kernels.Tests.Interpretation.Execution;
using LargeRec.Kernels.Tests.Interpretation.Programs;
using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary>
/// <c>mma.sync.aligned.m16n8k*.row.col</c> with float32 accumulators: D = A B + C of a warp, fragments as in PTX ISA 8.0, section 9.7.13.4. tf32 operands
/// lose their lowest 13 bits. Products are summed in float64 and rounded once; hardware keeps fewer bits, in an order of its own.
/// </summary>
internal static unsafe class TensorCores
{
    private const int Rows = 16;
    private const int Columns = 8;

    private enum Element
    {
        TensorFloat,
        BrainFloat,
        Half,
    }

    public static void Decode(ProgramBuilder builder, InstructionStatement statement)
    {
        var (depth, element) = statement.Opcode switch
        {
            "mma.sync.aligned.m16n8k4.row.col.f32.tf32.tf32.f32" => (4, Element.TensorFloat),
            "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32" => (8, Element.TensorFloat),
            "mma.sync.aligned.m16n8k8.row.col.f32.bf16.bf16.f32" => (8, Element.BrainFloat),
            "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32" => (16, Element.BrainFloat),
            "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32" => (8, Element.Half),
            "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32" => (16, Element.Half),
            _ => throw OperandReader.Unknown(statement),
        };
        OperandReader.ExpectCount(statement, 4);
        var packed = element == Element.TensorFloat ? 1 : 2;
        var registersOfB = depth / (4 * packed);
        int[] operands =
        [
            .. OperandReader.Sources(builder, statement, 1, PtxType.B32, 2 * registersOfB, mayBeWider: false),
            .. OperandReader.Sources(builder, statement, 2, PtxType.B32, registersOfB, mayBeWider: false),
            .. OperandReader.Sources(builder, statement, 3, PtxType.F32, 4, mayBeWider: false),
        ];
        var results = OperandReader.Registers(builder, statement, 0, PtxType.F32, 4, mayBeWider: false);
        var instruction = builder.Emit(statement, Multiply, results, operands);
        instruction.Flow = Flow.WarpMeeting;
        instruction.Immediate = depth;
        instruction.Variant = (int)element;
    }

    private static void Multiply(Warp warp, Instruction instruction, uint mask)
    {
        if (mask != uint.MaxValue)
        {
            throw warp.Fail(PtxErrorKind.DivergentBarrier, "mma needs all 32 threads of the warp", mask);
        }

        var depth = (int)instruction.Immediate;
        var element = (Element)instruction.Variant;
        var packed = element == Element.TensorFloat ? 1 : 2;
        var registersOfB = depth / (4 * packed);
        var a = stackalloc double[Rows * depth];
        var b = stackalloc double[depth * Columns];
        for (var lane = 0; lane < Warp.Size; lane++)
        {
            var (group, inGroup) = (lane >> 2, lane & 3);
            for (var register = 0; register < 2 * registersOfB; register++)
            {
                var bits = Lanes.Read<uint>(warp.Slot(instruction.Operands[register]), lane);
                var row = group + (8 * (register & 1));
                for (var part = 0; part < packed; part++)
                {
                    a[(row * depth) + (4 * packed * (register >> 1)) + (inGroup * packed) + part] = Value(element, bits, part);
                }
            }

            for (var register = 0; register < registersOfB; register++)
            {
                var bits = Lanes.Read<uint>(warp.Slot(instruction.Operands[(2 * registersOfB) + register]), lane);
                for (var part = 0; part < packed; part++)
                {
                    b[(((4 * packed * register) + (inGroup * packed) + part) * Columns) + group] = Value(element, bits, part);
                }
            }
        }

        for (var lane = 0; lane < Warp.Size; lane++)
        {
            for (var register = 0; register < 4; register++)
            {
                var row = (lane >> 2) + (8 * (register >> 1));
                var column = (2 * (lane & 3)) + (register & 1);
                double sum = Lanes.Read<float>(warp.Slot(instruction.Operands[(3 * registersOfB) + register]), lane);
                for (var k = 0; k < depth; k++)
                {
                    sum += a[(row * depth) + k] * b[(k * Columns) + column];
                }

                Lanes.Write(warp.Slot(instruction.Results[register]) + (lane * 8), FloatInstructions.Canonical((float)sum));
            }
        }
    }

    private static double Value(Element element, uint bits, int part) => element switch
    {
        Element.TensorFloat => BitConverter.UInt32BitsToSingle(bits & ~0x1fffu),
        Element.BrainFloat => BitConverter.UInt32BitsToSingle(part == 0 ? bits << 16 : bits & 0xffff0000u),
        _ => (double)BitConverter.UInt16BitsToHalf((ushort)(bits >> (16 * part))),
    };
}
