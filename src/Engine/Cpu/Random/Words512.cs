using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LargeRec.Engine.Cpu.Random;

/// <summary>8 words (AVX-512).</summary>
internal readonly unsafe struct Words512(Vector512<ulong> value) : IWordLanes<Words512>
{
    private readonly Vector512<ulong> _value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 Broadcast(uint word) => new(Vector512.Create((ulong)word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 Sequence(uint start) => new(Vector512<ulong>.Indices + Vector512.Create((ulong)start));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 Add(Words512 a, Words512 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 Multiply(Words512 a, Words512 b) => new(Avx512F.Multiply(a._value.AsUInt32(), b._value.AsUInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 High(Words512 a) => new(Vector512.ShiftRightLogical(a._value, 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 Xor(Words512 a, Words512 b, Words512 c) => new(Avx512F.TernaryLogic(a._value, b._value, c._value, 0x96));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Words512 a, Words512 b, uint* destination) => Vector512.Narrow(a._value, b._value).Store(destination);
}
