namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>A state space of PTX.</summary>
internal enum PtxSpace
{
    Generic,
    Global,
    Shared,
    Local,
    Parameter,
    Constant,
}
