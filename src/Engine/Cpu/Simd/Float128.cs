using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LargeRec.Engine.Cpu.Simd;

/// <summary>4 float32 lanes (SSE and Arm's AdvSimd).</summary>
internal readonly unsafe struct Float128(Vector128<float> value) : IFloatVector<Float128>
{
    public readonly Vector128<float> Value = value;

    public static int Width => 4;

    public static Float128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 operator +(Float128 a, Float128 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 operator -(Float128 a, Float128 b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 operator -(Float128 a) => new(-a.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 operator *(Float128 a, Float128 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 operator /(Float128 a, Float128 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float128 value, float* destination) => value.Value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 MultiplyAdd(Float128 a, Float128 b, Float128 c) => new(Vector128.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 Min(Float128 a, Float128 b) => new(
        Sse.IsSupported ? Sse.Min(a.Value, b.Value) : Vector128.ConditionalSelect(Vector128.LessThan(a.Value, b.Value), a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 Max(Float128 a, Float128 b) => new(
        Sse.IsSupported ? Sse.Max(a.Value, b.Value) : Vector128.ConditionalSelect(Vector128.GreaterThan(a.Value, b.Value), a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 Abs(Float128 a) => new(Vector128.Abs(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 Sqrt(Float128 a) => new(Vector128.Sqrt(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 Round(Float128 a) => new(Vector128.Round(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 ScaleByPowerOfTwo(Float128 x, Float128 n)
    {
        var exponent = Vector128.ShiftLeft(Vector128.ConvertToInt32Native(n.Value) + Vector128.Create(127), 23);
        return new(x.Value * exponent.AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 SplitExponent(Float128 x, out Float128 exponent)
    {
        var bits = x.Value.AsInt32();
        exponent = new(Vector128.ConvertToSingle(Vector128.ShiftRightLogical(bits, 23) - Vector128.Create(127)));
        return new(((bits & Vector128.Create(0x007fffff)) | Vector128.Create(0x3f800000)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 SelectLess(Float128 a, Float128 b, Float128 ifTrue, Float128 ifFalse) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(a.Value, b.Value), ifTrue.Value, ifFalse.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 Mask(int count) => new(Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 LoadMasked(float* source, Float128 mask) =>
        Avx.IsSupported ? new(Avx.MaskLoad(source, mask.Value)) : LoadLanes(source, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(Float128 value, float* destination, Float128 mask)
    {
        if (Avx512F.VL.IsSupported)
        {
            Avx512F.VL.MaskStore(destination, mask.Value, value.Value);
            return;
        }

        if (Avx.IsSupported)
        {
            Avx.MaskStore(destination, mask.Value, value.Value);
            return;
        }

        for (var lane = 0; lane < 4; lane++)
        {
            if (mask.Value.AsInt32()[lane] != 0)
            {
                destination[lane] = value.Value[lane];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 And(Float128 value, Float128 mask) => new(value.Value & mask.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Float128 value)
    {
        var halves = value.Value + Vector128.Shuffle(value.Value, Vector128.Create(2, 3, 0, 1));
        return halves[0] + halves[1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Float128 value)
    {
        var halves = Vector128.Max(value.Value, Vector128.Shuffle(value.Value, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(halves[0], halves[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 LoadIntegers(int* source) => new(Vector128.ConvertToSingle(Vector128.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float128 MaskAtLeast(uint* source, uint threshold) =>
        new(Vector128.GreaterThanOrEqual(Vector128.Load(source), Vector128.Create(threshold)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        if (!Sse.IsSupported)
        {
            for (nint i = 0; i < 4; i++)
            {
                Vector128.Create(source[i], source[sourceStride + i], source[(2 * sourceStride) + i], source[(3 * sourceStride) + i])
                    .Store(target + (i * targetStride));
            }

            return;
        }

        var a = Vector128.Load(source);
        var b = Vector128.Load(source + sourceStride);
        var c = Vector128.Load(source + (2 * sourceStride));
        var d = Vector128.Load(source + (3 * sourceStride));
        var abLow = Sse.UnpackLow(a, b);
        var cdLow = Sse.UnpackLow(c, d);
        var abHigh = Sse.UnpackHigh(a, b);
        var cdHigh = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(abLow, cdLow).Store(target);
        Sse.MoveHighToLow(cdLow, abLow).Store(target + targetStride);
        Sse.MoveLowToHigh(abHigh, cdHigh).Store(target + (2 * targetStride));
        Sse.MoveHighToLow(cdHigh, abHigh).Store(target + (3 * targetStride));
    }

    /// <summary>Lane by lane, for machines without a masked load.</summary>
    private static Float128 LoadLanes(float* source, Float128 mask)
    {
        var lanes = Vector128<float>.Zero;
        for (var lane = 0; lane < 4; lane++)
        {
            if (mask.Value.AsInt32()[lane] != 0)
            {
                lanes = lanes.WithElement(lane, source[lane]);
            }
        }

        return new(lanes);
    }
}
