using LargeRec.Kernels.Tests.Interpretation.Programs;
using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary>Decodes <c>atom</c> and <c>red</c>; the state space may stand before the operation, as the manual has it, or behind, as ILGPU writes it.</summary>
internal static class AtomicDecoder
{
    public static void Decode(ProgramBuilder builder, InstructionStatement statement, string[] words)
    {
        var space = PtxSpace.Generic;
        string? operation = null;
        foreach (var word in words[1..^1])
        {
            if (MemoryDecoder.Space(word) is PtxSpace.Global or PtxSpace.Shared)
            {
                space = MemoryDecoder.Space(word)!.Value;
            }
            else if (word is "add" or "exch" or "cas" or "min" or "max" or "and" or "or" or "xor" && operation is null)
            {
                operation = word;
            }
            else if (word is not ("relaxed" or "acquire" or "release" or "acq_rel" or "cta" or "gpu" or "sys"))
            {
                throw OperandReader.Unknown(statement);
            }
        }

        var action = PtxTypes.TryParse(words[^1], out var type) && operation is not null ? AtomicInstructions.Find(operation, words[^1]) : null;
        var hasResult = words[0] == "atom";
        if (action is null || (!hasResult && operation is "exch" or "cas"))
        {
            throw OperandReader.Unknown(statement);
        }

        var first = hasResult ? 1 : 0;
        OperandReader.ExpectCount(statement, first + (operation == "cas" ? 3 : 2));
        int[] results = hasResult ? [OperandReader.Register(builder, statement, statement.Operands[0], type)] : [];
        var address = OperandReader.Address(statement, first);
        var (slot, isShort) = OperandReader.AddressBase(builder, statement, address);
        var values = statement.Operands.Skip(first + 1).Select(o => OperandReader.Source(builder, statement, o, type));
        var instruction = builder.Emit(statement, action, results, [slot, .. values]);
        MemoryDecoder.SetAddress(builder, instruction, space, type.Size(), address.Offset, isShort);
    }
}
