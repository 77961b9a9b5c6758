using LargeRec.Kernels.Tests.Interpretation.Instructions;
using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation.Programs;

/// <summary>Decodes one statement: by the family that its first word names, or from the table of plain instructions.</summary>
internal static class InstructionDecoder
{
    public static void Decode(ProgramBuilder builder, InstructionStatement statement)
    {
        var words = statement.Opcode.Split('.');
        switch (words[0])
        {
            case "bra" or "brx" or "ret" or "exit" or "call" or "trap":
                ControlDecoder.Decode(builder, statement, words);
                break;
            case "mov":
                Moves.Decode(builder, statement, words);
                break;
            case "ld" or "ldu" or "st":
                MemoryDecoder.Decode(builder, statement, words);
                break;
            case "cvta":
                AddressConversions.Decode(builder, statement, words);
                break;
            case "atom" or "red":
                AtomicDecoder.Decode(builder, statement, words);
                break;
            case "setp":
                Comparisons.Decode(builder, statement, words);
                break;
            case "bar" or "barrier" or "membar" or "fence":
                BarrierDecoder.Decode(builder, statement, words);
                break;
            case "shfl" or "vote" or "activemask" or "redux":
                WarpInstructions.Decode(builder, statement, words);
                break;
            case "mma":
                TensorCores.Decode(builder, statement);
                break;
            case "ldmatrix":
                MatrixLoads.Decode(builder, statement);
                break;
            case "cp":
                AsyncCopies.Decode(builder, statement);
                break;
            default:
                DecodePlain(builder, statement, words[0] == "cvt");
                break;
        }
    }

    private static void DecodePlain(ProgramBuilder builder, InstructionStatement statement, bool mayBeWider)
    {
        if (!InstructionTable.All.TryFind(statement.Opcode, out var form))
        {
            throw OperandReader.Unknown(statement);
        }

        OperandReader.ExpectCount(statement, form.Operands.Length + 1);
        var result = mayBeWider
            ? OperandReader.WideRegister(builder, statement, statement.Operands[0], form.Result)
            : OperandReader.Register(builder, statement, statement.Operands[0], form.Result);
        var operands = form.Operands.Select((type, i) => OperandReader.Source(builder, statement, statement.Operands[i + 1], type, mayBeWider));
        builder.Emit(statement, form.Action, [result], [.. operands]);
    }
}
