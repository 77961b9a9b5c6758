using ILGPU;
using LargeRec.Engine.Maths;

namespace LargeRec.Kernels.Maths;

/// <summary>
/// A thread's float32 for the formulas of <see cref="Elementary"/>. Written with what the compiler translates rightly: comparisons of floats lose their NaN
/// where it turns them around, so NaN is told by its bits; a multiply-add is left to the target's own contraction; rounding is by a large constant.
/// </summary>
internal readonly struct Lane(float value) : IFloatLanes<Lane>
{
    private const float RoundingConstant = 12582912f; // 1.5·2^23: sums with it have no fraction bits left

    public readonly float Value = value;

    public static Lane operator +(Lane a, Lane b) => new(a.Value + b.Value);

    public static Lane operator -(Lane a, Lane b) => new(a.Value - b.Value);

    public static Lane operator -(Lane a) => new(-a.Value);

    public static Lane operator *(Lane a, Lane b) => new(a.Value * b.Value);

    public static Lane operator /(Lane a, Lane b) => new(a.Value / b.Value);

    public static Lane Broadcast(float value) => new(value);

    public static Lane MultiplyAdd(Lane a, Lane b, Lane c) => new((a.Value * b.Value) + c.Value);

    public static Lane Min(Lane a, Lane b) => new(Bits.IsNaN(b.Value) ? b.Value : a.Value < b.Value ? a.Value : b.Value);

    public static Lane Max(Lane a, Lane b) => new(Bits.IsNaN(b.Value) ? b.Value : a.Value > b.Value ? a.Value : b.Value);

    public static Lane Abs(Lane a) => new(Interop.IntAsFloat(Interop.FloatAsInt(a.Value) & 0x7fffffffu));

    public static Lane Sqrt(Lane a) => new(MathF.Sqrt(a.Value));

    public static Lane Round(Lane a) => new((a.Value + RoundingConstant) - RoundingConstant);

    public static Lane ScaleByPowerOfTwo(Lane x, Lane n) => new(x.Value * Interop.IntAsFloat((uint)((int)n.Value + 127) << 23));

    public static Lane SplitExponent(Lane x, out Lane exponent)
    {
        var bits = Interop.FloatAsInt(x.Value);
        exponent = new((float)((int)(bits >> 23) - 127));
        return new(Interop.IntAsFloat((bits & 0x007fffffu) | 0x3f800000u));
    }

    public static Lane SelectLess(Lane a, Lane b, Lane ifTrue, Lane ifFalse) =>
        new(!Bits.IsNaN(a.Value) && !Bits.IsNaN(b.Value) && a.Value < b.Value ? ifTrue.Value : ifFalse.Value);
}
