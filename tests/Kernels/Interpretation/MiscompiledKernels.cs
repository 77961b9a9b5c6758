using System.Runtime.CompilerServices;
using ILGPU;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Kernels that ILGPU 1.5.3 compiles to something else than C# says, and forms beside them that it compiles rightly.</summary>
internal static class MiscompiledKernels
{
    public static void IntegerLiterals(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = x[Group.IdxX] > 0 ? 1 : 0;

    public static void FloatLiterals(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = x[Group.IdxX] > 0 ? 1f : 0f;

    public static void Quarter(ArrayView<int> x, ArrayView<int> z) => z[Group.IdxX] = x[Group.IdxX] / 4;

    public static void Third(ArrayView<int> x, ArrayView<int> z) => z[Group.IdxX] = x[Group.IdxX] / 3;

    public static void UnsignedQuarter(ArrayView<uint> x, ArrayView<uint> z) => z[Group.IdxX] = x[Group.IdxX] / 4;

    public static void UnsignedShift(ArrayView<uint> x, ArrayView<uint> z) => z[Group.IdxX] = x[Group.IdxX] >> 2;

    public static void CopySign(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = MathF.CopySign(x[Group.IdxX], y[Group.IdxX]);

    public static void CopySignByBits(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] =
        Interop.IntAsFloat((Interop.FloatAsInt(x[Group.IdxX]) & 0x7fffffffu) | (Interop.FloatAsInt(y[Group.IdxX]) & 0x80000000u));

    public static void Fused(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) =>
        z[Group.IdxX] = MathF.FusedMultiplyAdd(x[Group.IdxX], y[Group.IdxX], x[Group.IdxX]);

    public static void AtomicBranch(ArrayView<int> x, ArrayView<int> z)
    {
        var old = Atomic.Add(ref x[0], 1);
        if (old > 5)
        {
            z[Group.IdxX] = 7;
            z[Group.IdxX + 32] = 8;
        }
        else
        {
            z[Group.IdxX] = old * 3;
        }
    }

    public static void AtomicMaximum(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => Atomic.Max(ref z[0], x[Group.IdxX]);

    public static void Reassociated(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = (x[Group.IdxX] - 0.5f) - 12582912f;

    public static void Rounded(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = (x[Group.IdxX] + 12582912f) - 12582912f;

    public static void ProductOfConstants(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = (x[Group.IdxX] * 1e-30f) * 1e30f;

    public static void NegativeIndex(ArrayView<int> x, ArrayView<int> z) => z[Group.IdxX] = x[Group.IdxX - 1];

    public static void Booleans(ArrayView<bool> x, ArrayView<bool> z) => z[Group.IdxX] = x[Group.IdxX];
}

/// <summary>Ways to write a maximum or a selection, each <c>z = f(x, y)</c>: which of them keep what C# says about NaN.</summary>
internal static class SelectionKernels
{
    public static void GreaterInPlace(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = x[Group.IdxX] > y[Group.IdxX]
        ? x[Group.IdxX] : y[Group.IdxX];

    public static void GreaterOfLocals(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z)
    {
        var (a, b) = (x[Group.IdxX], y[Group.IdxX]);
        z[Group.IdxX] = a > b ? a : b;
    }

    public static void LessOfLocals(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z)
    {
        var (a, b) = (x[Group.IdxX], y[Group.IdxX]);
        z[Group.IdxX] = a < b ? a : b;
    }

    public static void NotLessOrEqual(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z)
    {
        var (a, b) = (x[Group.IdxX], y[Group.IdxX]);
        z[Group.IdxX] = !(a <= b) ? a : b;
    }

    public static void GreaterInFunction(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = Greater(x[Group.IdxX], y[Group.IdxX]);

    public static void GreaterOfStructs(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) =>
        z[Group.IdxX] = Boxed.Max(new Boxed(x[Group.IdxX]), new Boxed(y[Group.IdxX])).Value;

    public static void LessOfStructs(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) =>
        z[Group.IdxX] = Boxed.Min(new Boxed(x[Group.IdxX]), new Boxed(y[Group.IdxX])).Value;

    public static void GreaterThenNew(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) =>
        z[Group.IdxX] = Boxed.NewMax(new Boxed(x[Group.IdxX]), new Boxed(y[Group.IdxX])).Value;

    public static void IfGreater(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z)
    {
        var result = y[Group.IdxX];
        if (x[Group.IdxX] > result)
        {
            result = x[Group.IdxX];
        }

        z[Group.IdxX] = result;
    }

    public static void MathMax(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = MathF.Max(x[Group.IdxX], y[Group.IdxX]);

    public static void MathMin(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = MathF.Min(x[Group.IdxX], y[Group.IdxX]);

    public static void IsNaN(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = float.IsNaN(x[Group.IdxX]) ? 1f : y[Group.IdxX];

    public static void NotEqualToItself(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z)
    {
        var a = x[Group.IdxX];
#pragma warning disable CS1718 // Only NaN differs from itself.
        z[Group.IdxX] = a != a ? 1f : y[Group.IdxX];
#pragma warning restore CS1718
    }

    public static void EqualElse(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = x[Group.IdxX] == y[Group.IdxX] ? 1f : 2f;

    public static void LessElse(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z)
    {
        if (x[Group.IdxX] < y[Group.IdxX])
        {
            z[Group.IdxX] = 1f;
        }
        else
        {
            z[Group.IdxX] = 2f;
        }
    }

    public static void NotEqual(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = x[Group.IdxX] != y[Group.IdxX] ? 1f : 2f;

    public static void NotEqualLiteral(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = x[Group.IdxX] != 1f ? 1f : 2f;

    public static void LiteralEqual(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = 1f == x[Group.IdxX] ? 1f : 2f;

    public static void GreaterThanLiteral(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = x[Group.IdxX] > -87.3f ? x[Group.IdxX]
        : -87.3f;

    public static void NotLessThanLiteral(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = x[Group.IdxX] < -87.3f ? -87.3f
        : x[Group.IdxX];

    public static void IfGreaterThanLiteral(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z)
    {
        z[Group.IdxX] = y[Group.IdxX];
        if (x[Group.IdxX] > 1.5f)
        {
            z[Group.IdxX] = x[Group.IdxX];
        }
    }

    public static void LiteralGreater(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = -87.3f > x[Group.IdxX] ? -87.3f
        : x[Group.IdxX];

    public static void LiteralLess(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) => z[Group.IdxX] = 1.5f < x[Group.IdxX] ? 1.5f : x[Group.IdxX];

    public static void LiteralGreaterOfStructs(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z) =>
        z[Group.IdxX] = Boxed.Max(new Boxed(-87.3f), new Boxed(x[Group.IdxX])).Value;

    public static void IfLiteralLess(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z)
    {
        z[Group.IdxX] = y[Group.IdxX];
        if (1.5f < x[Group.IdxX])
        {
            z[Group.IdxX] = x[Group.IdxX];
        }
    }

    public static void IfNotLiteralLess(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z)
    {
        z[Group.IdxX] = y[Group.IdxX];
        if (!(1.5f < x[Group.IdxX]))
        {
            z[Group.IdxX] = x[Group.IdxX];
        }
    }

    private static float Greater(float a, float b) => a > b ? a : b;

    private readonly struct Boxed(float value)
    {
        public readonly float Value = value;

        public static Boxed Max(Boxed a, Boxed b) => a.Value > b.Value ? a : b;

        public static Boxed Min(Boxed a, Boxed b) => a.Value < b.Value ? a : b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Boxed NewMax(Boxed a, Boxed b) => new(a.Value > b.Value ? a.Value : b.Value);
    }
}
