using System.Runtime.CompilerServices;

namespace LargeRec.Engine.Maths;

/// <summary>One float32 lane: the scalar form of every formula, with the same roundings as the vector forms.</summary>
public readonly struct Float1(float value) : IFloatLanes<Float1>
{
    public float Value { get; } = value;

    public static Float1 operator +(Float1 a, Float1 b) => new(a.Value + b.Value);

    public static Float1 operator -(Float1 a, Float1 b) => new(a.Value - b.Value);

    public static Float1 operator -(Float1 a) => new(-a.Value);

    public static Float1 operator *(Float1 a, Float1 b) => new(a.Value * b.Value);

    public static Float1 operator /(Float1 a, Float1 b) => new(a.Value / b.Value);

    public static Float1 Broadcast(float value) => new(value);

    public static Float1 MultiplyAdd(Float1 a, Float1 b, Float1 c) => new(MathF.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    public static Float1 Min(Float1 a, Float1 b) => a.Value < b.Value ? a : b;

    public static Float1 Max(Float1 a, Float1 b) => a.Value > b.Value ? a : b;

    public static Float1 Abs(Float1 a) => new(MathF.Abs(a.Value));

    public static Float1 Sqrt(Float1 a) => new(MathF.Sqrt(a.Value));

    public static Float1 Round(Float1 a) => new(MathF.Round(a.Value));

    public static Float1 ScaleByPowerOfTwo(Float1 x, Float1 n) =>
        new(x.Value * Unsafe.BitCast<int, float>(((int)n.Value + 127) << 23));

    public static Float1 SplitExponent(Float1 x, out Float1 exponent)
    {
        var bits = Unsafe.BitCast<float, int>(x.Value);
        exponent = new((bits >>> 23) - 127);
        return new(Unsafe.BitCast<int, float>((bits & 0x007fffff) | 0x3f800000));
    }

    public static Float1 SelectLess(Float1 a, Float1 b, Float1 ifTrue, Float1 ifFalse) => a.Value < b.Value ? ifTrue : ifFalse;
}
