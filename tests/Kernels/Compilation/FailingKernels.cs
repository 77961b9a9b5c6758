using ILGPU;

namespace LargeRec.Kernels.Tests.Compilation;

/// <summary>Kernels that cannot be compiled, and one that can.</summary>
internal static class FailingKernels
{
    private static int mutable;

    public static void Throws(ArrayView<int> x)
    {
        if (x[Group.IdxX] < 0)
        {
            throw new InvalidOperationException("negative");
        }
    }

    public static void WritesAStatic(ArrayView<int> x) => mutable = x[Group.IdxX];

    public static void Boxes(ArrayView<int> x)
    {
        object boxed = x[Group.IdxX];
        x[0] = boxed.GetHashCode();
    }

    public static void TakesADouble(ArrayView<int> x, double y) => x[Group.IdxX] = (int)y;

    public static void Compiles(ArrayView<int> x) => x[Group.IdxX] = 1 + mutable;

    public static void Good(ArrayView<int> x) => x[Group.IdxX] = 1;
}
