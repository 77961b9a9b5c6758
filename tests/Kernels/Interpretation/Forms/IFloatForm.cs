namespace LargeRec.Kernels.Tests.Interpretation.Forms;

/// <inheritdoc cref="IIntegerForm"/>
internal interface IFloatForm
{
    static abstract float Apply(float a, float b);
}
