using LargeRec.Kernels.Tests.Interpretation.Programs;
using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary>Decodes <c>ld</c> and <c>st</c>: state space, vector, type; hints of caching change nothing here.</summary>
internal static class MemoryDecoder
{
    public static void Decode(ProgramBuilder builder, InstructionStatement statement, string[] words)
    {
        if (!PtxTypes.TryParse(words[^1], out var type) || type == PtxType.Pred)
        {
            throw OperandReader.Unknown(statement);
        }

        var space = PtxSpace.Generic;
        var count = 1;
        foreach (var word in words[1..^1])
        {
            if (Space(word) is { } named)
            {
                space = named;
            }
            else if (word is "v2" or "v4")
            {
                count = word[1] - '0';
            }
            else if (word is not (
                "volatile" or "weak" or "relaxed" or "nc" or "ca" or "cg" or "cs" or "cv" or "wb" or "wt" or "cta" or "gpu" or "sys" or "L1::no_allocate"))
            {
                throw OperandReader.Unknown(statement);
            }
        }

        OperandReader.ExpectCount(statement, 2);
        if (words[0] == "st")
        {
            Store(builder, statement, space, type, count);
        }
        else
        {
            Load(builder, statement, space, type, count);
        }
    }

    /// <summary>Fills in the address of an access to memory.</summary>
    public static void SetAddress(ProgramBuilder builder, Instruction instruction, PtxSpace space, int bytes, long offset, bool isShort)
    {
        instruction.Space = space;
        instruction.Immediate = offset;
        instruction.ShortAddress = isShort;
        builder.NoteAccess(space, bytes);
    }

    public static PtxSpace? Space(string word) => word switch
    {
        "global" => PtxSpace.Global,
        "shared" or "shared::cta" => PtxSpace.Shared,
        "local" => PtxSpace.Local,
        "const" => PtxSpace.Constant,
        "param" or "param::entry" or "param::func" => PtxSpace.Parameter,
        _ => null,
    };

    private static void Load(ProgramBuilder builder, InstructionStatement statement, PtxSpace space, PtxType type, int count)
    {
        var address = OperandReader.Address(statement, 1);
        var results = OperandReader.Registers(builder, statement, 0, type, count, mayBeWider: true);
        if (space == PtxSpace.Parameter && address.Base is NameOperand { Name: var name } && builder.Find(name) is NamedParameter { Place: var place })
        {
            if (address.Offset < 0 || address.Offset + (count * type.Size()) > place.Length || address.Offset % (count * type.Size()) != 0)
            {
                throw OperandReader.Fail(statement, PtxErrorKind.OutOfBounds,
                    $"parameter '{name}' has {place.Length} bytes; byte {address.Offset} does not fit or is misaligned");
            }

            builder.Emit(statement, MemoryInstructions.LoadParameter(type), results, []).Immediate = place.Offset + address.Offset;
            return;
        }

        var (slot, isShort) = OperandReader.AddressBase(builder, statement, address);
        var instruction = builder.Emit(statement, MemoryInstructions.Load(type), results, [slot]);
        SetAddress(builder, instruction, space == PtxSpace.Parameter ? PtxSpace.Local : space, type.Size(), address.Offset, isShort);
    }

    private static void Store(ProgramBuilder builder, InstructionStatement statement, PtxSpace space, PtxType type, int count)
    {
        var address = OperandReader.Address(statement, 0);
        var values = OperandReader.Sources(builder, statement, 1, type, count, mayBeWider: true);
        if (space == PtxSpace.Constant)
        {
            throw OperandReader.Unknown(statement);
        }

        var (slot, isShort) = OperandReader.AddressBase(builder, statement, address);
        var instruction = builder.Emit(statement, MemoryInstructions.Store(type), [], [slot, .. values]);
        SetAddress(builder, instruction, space == PtxSpace.Parameter ? PtxSpace.Local : space, type.Size(), address.Offset, isShort);
    }
}
