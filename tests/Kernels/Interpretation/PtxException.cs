namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>One fault of a PTX text or of its run: what, in which line and instruction, and, at run time, in which thread of which group.</summary>
public sealed class PtxException : Exception
{
    internal PtxException(PtxErrorKind kind, string message, SourceLine source, int thread = -1, int group = -1)
        : base(Describe(message, source, thread, group))
    {
        Kind = kind;
        Line = source.Number;
        Instruction = source.Text;
        Thread = thread;
        Group = group;
    }

    public PtxErrorKind Kind { get; }

    /// <summary>Line of the text, from 1; 0 where no line is to blame.</summary>
    public int Line { get; }

    public string Instruction { get; }

    /// <summary>Linear index of the thread in its group; -1 before the run.</summary>
    public int Thread { get; }

    /// <summary>Linear index of the group in the grid; -1 before the run.</summary>
    public int Group { get; }

    private static string Describe(string message, SourceLine source, int thread, int group)
    {
        var place = source.Number > 0 ? $" (line {source.Number}: {source.Text}" : " (";
        var who = thread >= 0 ? $"thread {thread}, group {group}" : "";
        return source.Number > 0 || who.Length > 0
            ? $"{message}{place}{(source.Number > 0 && who.Length > 0 ? "; " : "")}{who})"
            : message;
    }
}
