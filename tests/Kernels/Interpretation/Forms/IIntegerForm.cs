namespace LargeRec.Kernels.Tests.Interpretation.Forms;

/// <summary>A scalar function that runs as C# and, compiled by ILGPU, as PTX: both must agree.</summary>
internal interface IIntegerForm
{
    static abstract int Apply(int a, int b);
}
