using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LargeRec.Engine.Cpu.Random;

/// <summary>4 words (AVX2).</summary>
internal readonly unsafe struct Words256(Vector256<ulong> value) : IWordLanes<Words256>
{
    private readonly Vector256<ulong> _value = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 Broadcast(uint word) => new(Vector256.Create((ulong)word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 Sequence(uint start) => new(Vector256<ulong>.Indices + Vector256.Create((ulong)start));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 Add(Words256 a, Words256 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 Multiply(Words256 a, Words256 b) => new(Avx2.Multiply(a._value.AsUInt32(), b._value.AsUInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 High(Words256 a) => new(Vector256.ShiftRightLogical(a._value, 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 Xor(Words256 a, Words256 b, Words256 c) => new(a._value ^ b._value ^ c._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Words256 a, Words256 b, uint* destination) => Vector256.Narrow(a._value, b._value).Store(destination);
}
