namespace LargeRec.Kernels.Tests.Interpretation.Syntax;

/// <summary>An entry or a function; Body is null for one that is only declared.</summary>
internal sealed record PtxFunction(
    SourceLine Source,
    string Name,
    bool IsEntry,
    IReadOnlyList<VariableStatement> Results,
    IReadOnlyList<VariableStatement> Parameters,
    IReadOnlyList<PtxStatement>? Body);
