namespace LargeRec.Kernels.Tests.Interpretation.Programs;

/// <summary>One copy of a function's body in a program: calls are expanded in place, each with registers and labels of its own.</summary>
internal sealed class FunctionFrame(string function, FunctionFrame? caller)
{
    public string Function { get; } = function;

    public FunctionFrame? Caller { get; } = caller;

    public Names Names { get; } = new();

    public Dictionary<string, int> Labels { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, IReadOnlyList<string>> BranchTables { get; } = new(StringComparer.Ordinal);

    /// <summary>Branches whose labels are looked up once the body is whole.</summary>
    public List<(Instruction Instruction, string Label)> Branches { get; } = [];

    /// <summary>Returns of an expanded call: they lead behind it.</summary>
    public List<Instruction> Returns { get; } = [];

    public string? LastLabel { get; set; }

    public bool IsEntry => Caller is null;

    public bool IsExpanding(string name) => Function == name || (Caller?.IsExpanding(name) ?? false);
}
