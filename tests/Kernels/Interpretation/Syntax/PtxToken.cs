namespace LargeRec.Kernels.Tests.Interpretation.Syntax;

/// <summary>A word (name, opcode, directive, register), a number or one character of punctuation, with its line from 1.</summary>
internal readonly record struct PtxToken(PtxTokenKind Kind, string Text, int Line)
{
    public bool Is(string text) => Text == text && Kind != PtxTokenKind.String;
}

internal enum PtxTokenKind
{
    Word,
    Number,
    Punctuation,
    String,
    End,
}
