using ILGPU;

namespace LargeRec.Kernels.Tests.Interpretation.Forms;

/// <summary>Applies a form to each pair.</summary>
internal static class FormKernels
{
    public static void Integers<TForm>(ArrayView<int> x, ArrayView<int> y, ArrayView<int> z, int n)
        where TForm : struct, IIntegerForm
    {
        for (var i = (int)Grid.GlobalIndex.X; i < n; i += Grid.DimX * Group.DimX)
        {
            z[i] = TForm.Apply(x[i], y[i]);
        }
    }

    public static void Floats<TForm>(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z, int n)
        where TForm : struct, IFloatForm
    {
        for (var i = (int)Grid.GlobalIndex.X; i < n; i += Grid.DimX * Group.DimX)
        {
            z[i] = TForm.Apply(x[i], y[i]);
        }
    }
}
