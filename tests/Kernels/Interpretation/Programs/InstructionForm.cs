namespace LargeRec.Kernels.Tests.Interpretation.Programs;

/// <summary>An instruction of the plain kind: one result, operands of fixed types, an action per lane.</summary>
internal sealed record InstructionForm(PtxType Result, PtxType[] Operands, LaneAction Action);
