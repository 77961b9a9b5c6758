using ILGPU;

namespace LargeRec.Kernels.Tests.Interpretation.Forms;

/// <summary>Float arithmetic that ILGPU 1.5.3 compiles to what C# says, to the bit.</summary>
internal static class KeptFloatForms
{
    // Sums and products that keep their order.
    public readonly struct SumThenDifference : IFloatForm
    {
        public static float Apply(float a, float b) => (a + 1.1f) - 1e7f;
    }

    public readonly struct DifferenceThenSum : IFloatForm
    {
        public static float Apply(float a, float b) => (a - 1.1f) + 1e7f;
    }

    public readonly struct ThereAndBack : IFloatForm
    {
        public static float Apply(float a, float b) => (a + 1f) - 1f;
    }

    public readonly struct OneAndBack : IFloatForm
    {
        public static float Apply(float a, float b) => 1f + (a - 1f);
    }

    public readonly struct LiteralMinusThenPlus : IFloatForm
    {
        public static float Apply(float a, float b) => (1.1f - a) + 1e7f;
    }

    public readonly struct SumsApart : IFloatForm
    {
        public static float Apply(float a, float b) => (b + (a + 1e7f)) + 1.5f;
    }

    public readonly struct QuotientsApart : IFloatForm
    {
        public static float Apply(float a, float b) => (a / 3f) / 7f;
    }

    public readonly struct ProductThenQuotient : IFloatForm
    {
        public static float Apply(float a, float b) => (a * 3f) / 7f;
    }

    public readonly struct QuotientThenProduct : IFloatForm
    {
        public static float Apply(float a, float b) => (a / 3f) * 3f;
    }

    public readonly struct TwiceAndHalf : IFloatForm
    {
        public static float Apply(float a, float b) => a * 2f / 2f;
    }

    public readonly struct Compensation : IFloatForm
    {
        public static float Apply(float a, float b) => b - ((a + b) - a);
    }

    public readonly struct Horner : IFloatForm
    {
        public static float Apply(float a, float b) => (((a * b) + a) * b) - a;
    }

    public readonly struct ByReciprocal : IFloatForm
    {
        public static float Apply(float a, float b) => 1f / (1f / a);
    }

    // Zeros, signs and NaN.
    public readonly struct TimesZero : IFloatForm
    {
        public static float Apply(float a, float b) => a * 0f;
    }

    public readonly struct MinusZero : IFloatForm
    {
        public static float Apply(float a, float b) => a - 0f;
    }

    public readonly struct PlusMinusZero : IFloatForm
    {
        public static float Apply(float a, float b) => a + -0f;
    }

    public readonly struct MinusItself : IFloatForm
    {
        public static float Apply(float a, float b) => a - a;
    }

    public readonly struct OverItself : IFloatForm
    {
        public static float Apply(float a, float b) => a / a;
    }

    public readonly struct Negated : IFloatForm
    {
        public static float Apply(float a, float b) => -a;
    }

    public readonly struct NegatedDifference : IFloatForm
    {
        public static float Apply(float a, float b) => -(a - b);
    }

    public readonly struct MinusOneTimes : IFloatForm
    {
        public static float Apply(float a, float b) => a * -1f;
    }

    public readonly struct Quarter : IFloatForm
    {
        public static float Apply(float a, float b) => a / 4f;
    }

    public readonly struct Tenth : IFloatForm
    {
        public static float Apply(float a, float b) => a / 10f;
    }

    // Functions.
    public readonly struct Magnitude : IFloatForm
    {
        public static float Apply(float a, float b) => MathF.Abs(a);
    }

    public readonly struct Root : IFloatForm
    {
        public static float Apply(float a, float b) => MathF.Sqrt(a);
    }

    public readonly struct Floor : IFloatForm
    {
        public static float Apply(float a, float b) => MathF.Floor(a);
    }

    public readonly struct Ceiling : IFloatForm
    {
        public static float Apply(float a, float b) => MathF.Ceiling(a);
    }

    public readonly struct IsNaN : IFloatForm
    {
        public static float Apply(float a, float b) => float.IsNaN(a) ? 1f : 2f;
    }

    public readonly struct IsInfinity : IFloatForm
    {
        public static float Apply(float a, float b) => float.IsInfinity(a) ? 1f : 2f;
    }

    public readonly struct IsFinite : IFloatForm
    {
        public static float Apply(float a, float b) => float.IsFinite(a) ? 1f : 2f;
    }

    public readonly struct SignFlipped : IFloatForm
    {
        public static float Apply(float a, float b) => Interop.IntAsFloat(Interop.FloatAsInt(a) ^ 0x80000000u);
    }

    // Comparisons, NaN among the operands.
    public readonly struct NotGreater : IFloatForm
    {
        public static float Apply(float a, float b) => !(a > b) ? 1f : 2f;
    }

    public readonly struct NotEqual : IFloatForm
    {
        public static float Apply(float a, float b) => !(a == b) ? 1f : 2f;
    }

    public readonly struct Both : IFloatForm
    {
        public static float Apply(float a, float b) => a > b && b > 0f ? 1f : 2f;
    }

    public readonly struct Neither : IFloatForm
    {
        public static float Apply(float a, float b) => !(a > b || a > 1f) ? 1f : 2f;
    }

    public readonly struct AtLeastLiteral : IFloatForm
    {
        public static float Apply(float a, float b) => a >= 0f ? a : -a;
    }

    public readonly struct AtMostLiteral : IFloatForm
    {
        public static float Apply(float a, float b) => a <= 0f ? -1f : 1f;
    }

    public readonly struct Clamped : IFloatForm
    {
        public static float Apply(float a, float b) => a < -1f ? -1f : a > 1f ? 1f : a;
    }

    public readonly struct Positive : IFloatForm
    {
        public static float Apply(float a, float b) => a > 0f ? a : 0f;
    }

    public readonly struct Nested : IFloatForm
    {
        public static float Apply(float a, float b) => a > 0f ? (b > 0f ? a : b) : (b < 0f ? b : a);
    }

    public readonly struct FloatLiterals : IFloatForm
    {
        public static float Apply(float a, float b) => a > 0f ? 1f : 0;
    }

    // Conversions.
    public readonly struct OfInt : IFloatForm
    {
        public static float Apply(float a, float b) => (float)(int)a;
    }

    public readonly struct OfUint : IFloatForm
    {
        public static float Apply(float a, float b) => (float)(uint)a;
    }

    public readonly struct OfLong : IFloatForm
    {
        public static float Apply(float a, float b) => (float)(long)a;
    }

    public readonly struct OfUlong : IFloatForm
    {
        public static float Apply(float a, float b) => (float)(ulong)a;
    }

    public readonly struct ByteByMask : IFloatForm
    {
        public static float Apply(float a, float b) => (float)((int)a & 255);
    }

    public readonly struct ThroughDouble : IFloatForm
    {
        public static float Apply(float a, float b) => (float)((double)a * b);
    }

    public readonly struct RoundedBetween : IFloatForm
    {
        public static float Apply(float a, float b) => (float)((double)(float)((double)a * b) * b);
    }

    public readonly struct OfThreeIntegers : IFloatForm
    {
        public static float Apply(float a, float b) => a > 0 ? 1 : b > 0 ? 2 : 3;
    }

    public readonly struct OfLongFlag : IFloatForm
    {
        public static float Apply(float a, float b) => (float)(a > 0 ? 1L : 0L);
    }
}
