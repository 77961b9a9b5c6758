namespace LargeRec.Kernels.Tests.Interpretation.Execution;

/// <summary>What <c>bar.red</c> makes of the predicates of a group.</summary>
internal enum BarrierReduction
{
    Count,
    All,
    Any,
}
