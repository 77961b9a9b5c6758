namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>A line of PTX, for error messages: its number from 1 and its trimmed text.</summary>
public readonly record struct SourceLine(int Number, string Text)
{
    public static SourceLine None { get; } = new(0, "");
}
