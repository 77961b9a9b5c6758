using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LargeRec.Engine.Cpu.Simd;

/// <summary>16 float32 lanes (AVX-512).</summary>
internal readonly unsafe struct Float512(Vector512<float> value) : IFloatVector<Float512>
{
    public readonly Vector512<float> Value = value;

    public static int Width => 16;

    public static Float512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 operator +(Float512 a, Float512 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 operator -(Float512 a, Float512 b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 operator -(Float512 a) => new(-a.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 operator *(Float512 a, Float512 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 operator /(Float512 a, Float512 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float512 value, float* destination) => value.Value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 MultiplyAdd(Float512 a, Float512 b, Float512 c) => new(Vector512.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 Min(Float512 a, Float512 b) => new(Avx512F.Min(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 Max(Float512 a, Float512 b) => new(Avx512F.Max(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 Abs(Float512 a) => new(Vector512.Abs(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 Sqrt(Float512 a) => new(Vector512.Sqrt(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 Round(Float512 a) => new(Vector512.Round(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 ScaleByPowerOfTwo(Float512 x, Float512 n)
    {
        var exponent = Vector512.ShiftLeft(Vector512.ConvertToInt32Native(n.Value) + Vector512.Create(127), 23);
        return new(x.Value * exponent.AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 SplitExponent(Float512 x, out Float512 exponent)
    {
        var bits = x.Value.AsInt32();
        exponent = new(Vector512.ConvertToSingle(Vector512.ShiftRightLogical(bits, 23) - Vector512.Create(127)));
        return new(((bits & Vector512.Create(0x007fffff)) | Vector512.Create(0x3f800000)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 SelectLess(Float512 a, Float512 b, Float512 ifTrue, Float512 ifFalse) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(a.Value, b.Value), ifTrue.Value, ifFalse.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 Mask(int count) => new(Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 LoadMasked(float* source, Float512 mask) =>
        new(Avx512F.MaskLoad(source, mask.Value, Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(Float512 value, float* destination, Float512 mask)
    {
        Avx512F.MaskStore(destination, mask.Value, value.Value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 And(Float512 value, Float512 mask) => new(value.Value & mask.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Float512 value)
        => Float256.Sum(new(value.Value.GetLower() + value.Value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Float512 value)
        => Float256.MaxLane(new(Vector256.Max(value.Value.GetLower(), value.Value.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 LoadIntegers(int* source) => new(Vector512.ConvertToSingle(Vector512.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float512 MaskAtLeast(uint* source, uint threshold) =>
        new(Vector512.GreaterThanOrEqual(Vector512.Load(source), Vector512.Create(threshold)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        var a = Rows(source, sourceStride);
        var b = Rows(source + sourceStride, sourceStride);
        var c = Rows(source + (2 * sourceStride), sourceStride);
        var d = Rows(source + (3 * sourceStride), sourceStride);
        var abLow = Avx512F.UnpackLow(a, b).AsDouble();
        var cdLow = Avx512F.UnpackLow(c, d).AsDouble();
        var abHigh = Avx512F.UnpackHigh(a, b).AsDouble();
        var cdHigh = Avx512F.UnpackHigh(c, d).AsDouble();
        Avx512F.UnpackLow(abLow, cdLow).AsSingle().Store(target);
        Avx512F.UnpackHigh(abLow, cdLow).AsSingle().Store(target + targetStride);
        Avx512F.UnpackLow(abHigh, cdHigh).AsSingle().Store(target + (2 * targetStride));
        Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle().Store(target + (3 * targetStride));
    }

    /// <summary>Four values of each of the rows 0, 4, 8 and 12.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Rows(float* source, nint stride)
    {
        // Inserted into the register of its lower half: Vector512.Create inserts both halves into whatever a register held before, and so waits for that.
        var lower = Avx.InsertVector128(Vector128.Load(source).ToVector256Unsafe(), Vector128.Load(source + (4 * stride)), 1);
        var upper = Avx.InsertVector128(Vector128.Load(source + (8 * stride)).ToVector256Unsafe(), Vector128.Load(source + (12 * stride)), 1);
        return Avx512F.InsertVector256(lower.AsDouble().ToVector512Unsafe(), upper.AsDouble(), 1).AsSingle();
    }
}
