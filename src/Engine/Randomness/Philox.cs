using System.Runtime.CompilerServices;

namespace LargeRec.Engine.Randomness;

/// <summary>
/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011):
/// a pure function from (key, counter) to 128 random bits, so any element's draw is computed anywhere, in any order, on any device.
/// </summary>
/// <remarks>
/// Key words: (seed low, seed high). Counter words: (element index low, element index high, forward count, site).
/// The forward count grows with every training forward; the site is <see cref="StableHash"/> of a parameter path.
/// </remarks>
public static class Philox
{
    /// <summary>Multiplier of counter word 0.</summary>
    public const uint Multiplier0 = 0xD2511F53;

    /// <summary>Multiplier of counter word 2.</summary>
    public const uint Multiplier1 = 0xCD9E8D57;

    /// <summary>What key word 0 grows by each round (the golden ratio).</summary>
    public const uint Weyl0 = 0x9E3779B9;

    /// <summary>What key word 1 grows by each round (the square root of three, less one).</summary>
    public const uint Weyl1 = 0xBB67AE85;

    /// <summary>Number of rounds; seven already pass the usual batteries, ten are the published safety margin.</summary>
    public const int Rounds = 10;

    /// <summary>The four random words of one counter value.</summary>
    /// <param name="key">The seed.</param>
    /// <param name="counterLow">The element index: counter words 0 (low half) and 1 (high half).</param>
    /// <param name="forwardCount">Counter word 2.</param>
    /// <param name="site">Counter word 3.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (uint X, uint Y, uint Z, uint W) Block(ulong key, ulong counterLow, uint forwardCount, uint site)
    {
        var key0 = (uint)key;
        var key1 = (uint)(key >> 32);
        var x = (uint)counterLow;
        var y = (uint)(counterLow >> 32);
        var z = forwardCount;
        var w = site;
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = (ulong)Multiplier0 * x;
            var product1 = (ulong)Multiplier1 * z;
            x = (uint)(product1 >> 32) ^ y ^ key0;
            y = (uint)product1;
            z = (uint)(product0 >> 32) ^ w ^ key1;
            w = (uint)product0;
            key0 = unchecked(key0 + Weyl0);
            key1 = unchecked(key1 + Weyl1);
        }

        return (x, y, z, w);
    }

    /// <summary>A float in [0, 1) from the upper 24 bits of a random word: every value is exact and equally likely.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToUnitSingle(uint word) => (word >> 8) * (1f / (1 << 24));

    /// <summary>A double in [0, 1) from the upper 53 bits of 64 random ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToUnitDouble(ulong bits) => (bits >> 11) * (1.0 / (1L << 53));
}
