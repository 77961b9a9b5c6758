using ILGPU;

namespace LargeRec.Kernels.Maths;

/// <summary>What a float32 is, by its bits: integer comparisons are translated rightly, those of floats with NaN are not.</summary>
internal static class Bits
{
    private const uint Magnitude = 0x7fffffff;
    private const uint Infinity = 0x7f800000;

    public static bool IsNaN(float value) => (Interop.FloatAsInt(value) & Magnitude) > Infinity;

    public static bool IsFinite(float value) => (Interop.FloatAsInt(value) & Magnitude) < Infinity;

    public static float NaN => Interop.IntAsFloat(0x7fc00000u);

    public static float NegativeInfinity => Interop.IntAsFloat(0xff800000u);
}
