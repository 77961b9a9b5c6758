using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>A kernel of a <see cref="PtxModule"/>.</summary>
public sealed class PtxKernel
{
    internal PtxKernel(Program program) => Program = program;

    public string Name => Program.Name;

    /// <summary>Bytes of static shared memory.</summary>
    public long SharedBytes => Program.Shared.Sum(v => Math.Max(0, v.Length));

    /// <summary>Bytes of local memory that a thread has.</summary>
    public long LocalBytes => Program.Local.Sum(v => v.Length);

    internal Program Program { get; }
}
