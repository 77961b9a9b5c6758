using LargeRec.Kernels.Tests.Interpretation.Instructions;

namespace LargeRec.Kernels.Tests.Interpretation.Programs;

/// <summary>Every instruction of the plain kind, by its full name: what is not here is unknown.</summary>
internal sealed class InstructionTable
{
    private readonly Dictionary<string, InstructionForm> forms = new(StringComparer.Ordinal);

    private InstructionTable()
    {
    }

    public static InstructionTable All { get; } = Create();

    public bool TryFind(string opcode, out InstructionForm form) => forms.TryGetValue(opcode, out form!);

    public void Add(string opcode, PtxType result, PtxType[] operands, LaneAction action) => forms.Add(opcode, new InstructionForm(result, operands, action));

    private static InstructionTable Create()
    {
        var table = new InstructionTable();
        IntegerInstructions.AddTo(table);
        BitInstructions.AddTo(table);
        FloatInstructions.AddTo(table);
        ApproximateInstructions.AddTo(table);
        Conversions.AddTo(table);
        Selections.AddTo(table);
        return table;
    }
}
