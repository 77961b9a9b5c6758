using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LargeRec.Engine.Cpu.Simd;

/// <summary>8 float32 lanes (AVX2 with FMA).</summary>
internal readonly unsafe struct Float256(Vector256<float> value) : IFloatVector<Float256>
{
    public readonly Vector256<float> Value = value;

    public static int Width => 8;

    public static Float256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 operator +(Float256 a, Float256 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 operator -(Float256 a, Float256 b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 operator -(Float256 a) => new(-a.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 operator *(Float256 a, Float256 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 operator /(Float256 a, Float256 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float256 value, float* destination) => value.Value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 MultiplyAdd(Float256 a, Float256 b, Float256 c) => new(Vector256.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 Min(Float256 a, Float256 b) => new(Avx.Min(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 Max(Float256 a, Float256 b) => new(Avx.Max(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 Abs(Float256 a) => new(Vector256.Abs(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 Sqrt(Float256 a) => new(Vector256.Sqrt(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 Round(Float256 a) => new(Vector256.Round(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 ScaleByPowerOfTwo(Float256 x, Float256 n)
    {
        var exponent = Vector256.ShiftLeft(Vector256.ConvertToInt32Native(n.Value) + Vector256.Create(127), 23);
        return new(x.Value * exponent.AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 SplitExponent(Float256 x, out Float256 exponent)
    {
        var bits = x.Value.AsInt32();
        exponent = new(Vector256.ConvertToSingle(Vector256.ShiftRightLogical(bits, 23) - Vector256.Create(127)));
        return new(((bits & Vector256.Create(0x007fffff)) | Vector256.Create(0x3f800000)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 SelectLess(Float256 a, Float256 b, Float256 ifTrue, Float256 ifFalse) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(a.Value, b.Value), ifTrue.Value, ifFalse.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 Mask(int count) => new(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 LoadMasked(float* source, Float256 mask) =>
        new(Avx512F.VL.IsSupported ? Avx512F.VL.MaskLoad(source, mask.Value, Vector256<float>.Zero) : Avx.MaskLoad(source, mask.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(Float256 value, float* destination, Float256 mask)
    {
        // AVX's masked store is microcode on AMD's processors; AVX-512's is not.
        if (Avx512F.VL.IsSupported)
        {
            Avx512F.VL.MaskStore(destination, mask.Value, value.Value);
            return;
        }

        Avx.MaskStore(destination, mask.Value, value.Value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 And(Float256 value, Float256 mask) => new(value.Value & mask.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Float256 value)
        => Float128.Sum(new(value.Value.GetLower() + value.Value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Float256 value)
        => Float128.MaxLane(new(Vector128.Max(value.Value.GetLower(), value.Value.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 LoadIntegers(int* source) => new(Vector256.ConvertToSingle(Vector256.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float256 MaskAtLeast(uint* source, uint threshold) =>
        new(Vector256.GreaterThanOrEqual(Vector256.Load(source), Vector256.Create(threshold)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        var a = Rows(source, sourceStride);
        var b = Rows(source + sourceStride, sourceStride);
        var c = Rows(source + (2 * sourceStride), sourceStride);
        var d = Rows(source + (3 * sourceStride), sourceStride);
        var abLow = Avx.UnpackLow(a, b).AsDouble();
        var cdLow = Avx.UnpackLow(c, d).AsDouble();
        var abHigh = Avx.UnpackHigh(a, b).AsDouble();
        var cdHigh = Avx.UnpackHigh(c, d).AsDouble();
        Avx.UnpackLow(abLow, cdLow).AsSingle().Store(target);
        Avx.UnpackHigh(abLow, cdLow).AsSingle().Store(target + targetStride);
        Avx.UnpackLow(abHigh, cdHigh).AsSingle().Store(target + (2 * targetStride));
        Avx.UnpackHigh(abHigh, cdHigh).AsSingle().Store(target + (3 * targetStride));
    }

    /// <summary>Four values of each of the rows 0 and 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Rows(float* source, nint stride) =>
        Avx.InsertVector128(Vector128.Load(source).ToVector256Unsafe(), Vector128.Load(source + (4 * stride)), 1);
}
