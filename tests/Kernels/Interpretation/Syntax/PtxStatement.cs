namespace LargeRec.Kernels.Tests.Interpretation.Syntax;

/// <summary>One statement of a function body.</summary>
internal abstract record PtxStatement(SourceLine Source);

internal sealed record LabelStatement(SourceLine Source, string Name) : PtxStatement(Source);

/// <summary><c>{</c>: names declared from here on are gone after the matching <see cref="ScopeEnd"/>.</summary>
internal sealed record ScopeStart(SourceLine Source) : PtxStatement(Source);

internal sealed record ScopeEnd(SourceLine Source) : PtxStatement(Source);

internal sealed record RegisterStatement(SourceLine Source, PtxType Type, string Name, int Count) : PtxStatement(Source);

/// <summary>A variable of <see cref="Space"/>; Length in bytes, -1 for one without a length (dynamic shared memory).</summary>
internal sealed record VariableStatement(SourceLine Source, PtxSpace Space, string Name, int Alignment, long Length, byte[]? Initial) : PtxStatement(Source);

/// <summary><c>.branchtargets</c>: belongs to the label before it.</summary>
internal sealed record TargetsStatement(SourceLine Source, IReadOnlyList<string> Labels) : PtxStatement(Source);

internal sealed record InstructionStatement(SourceLine Source, string? Guard, bool GuardNegated, string Opcode, IReadOnlyList<PtxOperand> Operands)
    : PtxStatement(Source);
