using System.Runtime.CompilerServices;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>The token of a pair's place, place/(R+1), by a multiplication: exact for 32-bit numbers, and three times as fast as a division.</summary>
internal readonly struct PairToken(int placesPerToken)
{
    private readonly ulong _reciprocal = placesPerToken == 1 ? 0 : (ulong.MaxValue / (uint)placesPerToken) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint Of(ulong dealt) => _reciprocal == 0 ? (nint)(uint)dealt : (nint)Math.BigMul((uint)dealt, _reciprocal, out _);
}
