namespace LargeRec.Kernels.Tests.Interpretation.Forms;

/// <summary>Float arithmetic that ILGPU 1.5.3 compiles to something else.</summary>
internal static class ChangedFloatForms
{
    // Two literals of a sum are put together; sums of opposite signs are not.
    public readonly struct LiteralsAdded : IFloatForm
    {
        public static float Apply(float a, float b) => (a + 1.1f) + 1e7f;
    }

    public readonly struct LiteralsSubtracted : IFloatForm
    {
        public static float Apply(float a, float b) => (a - 1.1f) - 1e7f;
    }

    public readonly struct LiteralMinusDifference : IFloatForm
    {
        public static float Apply(float a, float b) => 1.1f - (1e7f - a);
    }

    public readonly struct LiteralPlusSum : IFloatForm
    {
        public static float Apply(float a, float b) => 1.1f + (1e7f + a);
    }

    public readonly struct OneMinusOneMinus : IFloatForm
    {
        public static float Apply(float a, float b) => 1f - (1f - a);
    }

    public readonly struct NegatedThenLiterals : IFloatForm
    {
        public static float Apply(float a, float b) => -a - 1.5f - 1e7f;
    }

    // So are two factors.
    public readonly struct LiteralFactors : IFloatForm
    {
        public static float Apply(float a, float b) => (a * 1e-30f) * 1e30f;
    }

    public readonly struct FactorsOnBothSides : IFloatForm
    {
        public static float Apply(float a, float b) => 1e30f * (a * 1e-30f);
    }

    public readonly struct TwiceTheTenth : IFloatForm
    {
        public static float Apply(float a, float b) => a * 0.1f * 0.1f;
    }

    public readonly struct HalfOfTwiceTheSum : IFloatForm
    {
        public static float Apply(float a, float b) => 2f * (a + b) * 0.5f;
    }

    // A zero is dropped, though -0 + 0 is 0 and 0 - 0 is 0.
    public readonly struct PlusZero : IFloatForm
    {
        public static float Apply(float a, float b) => a + 0f;
    }

    public readonly struct ZeroPlus : IFloatForm
    {
        public static float Apply(float a, float b) => 0f + a;
    }

    public readonly struct ZeroMinus : IFloatForm
    {
        public static float Apply(float a, float b) => 0f - a;
    }

    // A float that becomes an integer and then another goes there at once, and is clamped to the last.
    public readonly struct ByteOfInt : IFloatForm
    {
        public static float Apply(float a, float b) => (float)(byte)(int)a;
    }

    public readonly struct ShortOfInt : IFloatForm
    {
        public static float Apply(float a, float b) => (float)(short)(int)a;
    }

    public readonly struct UintOfInt : IFloatForm
    {
        public static float Apply(float a, float b) => (float)(uint)(int)a;
    }

    public readonly struct IntOfUint : IFloatForm
    {
        public static float Apply(float a, float b) => (float)(int)(uint)a;
    }

    public readonly struct IntOfLong : IFloatForm
    {
        public static float Apply(float a, float b) => (float)(int)(long)a;
    }

    public readonly struct ByteOfFloat : IFloatForm
    {
        public static float Apply(float a, float b) => (float)(byte)a;
    }

    // A condition as 1 or 0 keeps the bits of the integer.
    public readonly struct Flag : IFloatForm
    {
        public static float Apply(float a, float b) => (float)(a > 0 ? 1 : 0);
    }

    public readonly struct FlagAdded : IFloatForm
    {
        public static float Apply(float a, float b) => a + (b > 0 ? 1 : 0);
    }

    public readonly struct FlagOfUint : IFloatForm
    {
        public static float Apply(float a, float b) => (float)(a > 0 ? 1u : 0u);
    }

    public readonly struct FlagThroughDouble : IFloatForm
    {
        public static float Apply(float a, float b) => (float)(double)(a > 0 ? 1 : 0);
    }

    // A literal on the left of a comparison makes it true for NaN.
    public readonly struct LiteralAtLeast : IFloatForm
    {
        public static float Apply(float a, float b) => 0f >= a ? 1f : 2f;
    }

    public readonly struct LiteralGreater : IFloatForm
    {
        public static float Apply(float a, float b) => -87.3f > a ? -87.3f : a;
    }

    public readonly struct DoubleLiteralGreater : IFloatForm
    {
        public static float Apply(float a, float b) => 1.0 > (double)a ? 1f : 2f;
    }

    // max and min give the operand that is not NaN.
    public readonly struct Max : IFloatForm
    {
        public static float Apply(float a, float b) => MathF.Max(a, b);
    }

    public readonly struct Min : IFloatForm
    {
        public static float Apply(float a, float b) => MathF.Min(a, b);
    }
}
