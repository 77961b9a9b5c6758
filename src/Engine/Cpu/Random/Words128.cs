using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace LargeRec.Engine.Cpu.Random;

/// <summary>2 words (SSE2, Arm's AdvSimd, or none).</summary>
internal readonly unsafe struct Words128(Vector128<ulong> value) : IWordLanes<Words128>
{
    private readonly Vector128<ulong> _value = value;

    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 Broadcast(uint word) => new(Vector128.Create((ulong)word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 Sequence(uint start) => new(Vector128<ulong>.Indices + Vector128.Create((ulong)start));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 Add(Words128 a, Words128 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 Multiply(Words128 a, Words128 b) =>
        Sse2.IsSupported ? new(Sse2.Multiply(a._value.AsUInt32(), b._value.AsUInt32()))
        : AdvSimd.IsSupported ? new(AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(a._value), AdvSimd.ExtractNarrowingLower(b._value)))
        : new(Vector128.Create((ulong)(uint)a._value[0] * (uint)b._value[0], (ulong)(uint)a._value[1] * (uint)b._value[1]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 High(Words128 a) => new(Vector128.ShiftRightLogical(a._value, 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 Xor(Words128 a, Words128 b, Words128 c) => new(a._value ^ b._value ^ c._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Words128 a, Words128 b, uint* destination) => Vector128.Narrow(a._value, b._value).Store(destination);
}
