using ILGPU;
using LargeRec.Engine.Maths;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Tests.Lint;

/// <summary>A kernel a fault that the lint is to see, and beside some of them what is to be written instead.</summary>
internal static class FaultyKernels
{
    public static void IntegerLiterals(ArrayView<float> x) => x[Group.IdxX] = x[Group.IdxX] > 0f ? 1 : 0;

    public static void FloatLiterals(ArrayView<float> x) => x[Group.IdxX] = x[Group.IdxX] > 0f ? 1f : 0f;

    public static void Quarter(ArrayView<int> x) => x[Group.IdxX] = x[Group.IdxX] / 4;

    public static void UnsignedQuarter(ArrayView<uint> x) => x[Group.IdxX] = x[Group.IdxX] / 4;

    public static void QuarterInACallee(ArrayView<int> x) => x[Group.IdxX] = CalledByAType<Quarters>(x[Group.IdxX]);

    public static void Third(ArrayView<int> x) => x[Group.IdxX] = x[Group.IdxX] / 3;

    public static void CopySign(ArrayView<float> x) => x[Group.IdxX] = MathF.CopySign(x[Group.IdxX], x[0]);

    public static void Fused(ArrayView<float> x) => x[Group.IdxX] = MathF.FusedMultiplyAdd(x[Group.IdxX], x[0], x[1]);

    public static void Tanh(ArrayView<float> x) => x[Group.IdxX] = MathF.Tanh(x[Group.IdxX]);

    public static void OwnTanh(ArrayView<float> x) => x[Group.IdxX] = Elementary.Tanh(new Lane(x[Group.IdxX])).Value;

    public static void Maximum(ArrayView<float> x) => x[Group.IdxX] = MathF.Max(x[Group.IdxX], x[0]);

    public static void Switch(ArrayView<int> x)
    {
        switch (x[Group.IdxX])
        {
            case 0: x[0] = 11; break;
            case 1: x[0] = 7; break;
            case 2: x[0] = 5; break;
            case 3: x[0] = 3; break;
            default: x[0] = 2; break;
        }
    }

    public static void Atomic(ArrayView<int> x) => ILGPU.Atomic.Add(ref x[0], 1);

    public static void LocalArray(ArrayView<float> x)
    {
        var values = LocalMemory.Allocate1D<float>(8);
        for (var i = 0; i < 8; i++)
        {
            values[i] = x[Group.IdxX + i];
        }

        for (var i = 0; i < 8; i++)
        {
            x[Group.IdxX + i] = values[7 - i];
        }
    }

    public static void Barrier(ArrayView<float> x)
    {
        var shared = SharedMemory.Allocate<float>(32);
        shared[Group.IdxX] = x[Group.IdxX];
        Group.Barrier();
        x[Group.IdxX] = shared[31 - Group.IdxX];
    }

    public static void ConstantLeft(ArrayView<float> x) => x[Group.IdxX] = 3f > x[Group.IdxX] ? x[0] : x[1];

    public static void ConstantLeftInABranch(ArrayView<float> x)
    {
        if (3f <= x[Group.IdxX])
        {
            x[0] = x[1];
        }
    }

    public static void ConstantRight(ArrayView<float> x) => x[Group.IdxX] = x[Group.IdxX] < 3f ? x[0] : x[1];

    public static void TwoSummands(ArrayView<float> x) => x[Group.IdxX] = (x[Group.IdxX] + 0.3f) + 12582912f;

    public static void OppositeSummands(ArrayView<float> x) => x[Group.IdxX] = (x[Group.IdxX] + 12582912f) - 12582912f;

    public static void TwoFactors(ArrayView<float> x) => x[Group.IdxX] = x[Group.IdxX] * 1e-30f * 3e30f;

    public static void ExactFactors(ArrayView<float> x) => x[Group.IdxX] = x[Group.IdxX] * 0.5f * 3f;

    public static void TwoCasts(ArrayView<float> x, ArrayView<int> y) => y[Group.IdxX] = (byte)(int)x[Group.IdxX];

    public static void Masked(ArrayView<float> x, ArrayView<int> y) => y[Group.IdxX] = (int)x[Group.IdxX] & 255;

    public static void Booleans(ArrayView<bool> x, ArrayView<int> y) => y[Group.IdxX] = x[Group.IdxX] ? 1 : 0;

    private static int CalledByAType<T>(int value)
        where T : struct, IDivides => T.Divide(value);

    private interface IDivides
    {
        static abstract int Divide(int value);
    }

    private readonly struct Quarters : IDivides
    {
        public static int Divide(int value) => value / 4;
    }
}
