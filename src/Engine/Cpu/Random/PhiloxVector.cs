using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Randomness;

namespace LargeRec.Engine.Cpu.Random;

/// <summary><see cref="Philox"/>'s words sixteen blocks at a time, bit for bit the same.</summary>
internal static unsafe class PhiloxVector
{
    /// <summary>Blocks drawn together.</summary>
    public const int GroupBlocks = 16;

    /// <summary>Words drawn together: those of 64 neighbouring values.</summary>
    public const int GroupWords = 64;

    /// <summary>
    /// The words of the blocks start, ..., start + 15: word w of block start + l goes to words[16 w + l].
    /// </summary>
    /// <param name="key">The seed.</param>
    /// <param name="start">Counter words 0 and 1 of the first block, a multiple of 16.</param>
    /// <param name="forwardCount">Counter word 2.</param>
    /// <param name="site">Counter word 3.</param>
    /// <param name="words">64 of them.</param>
    /// <typeparam name="TVector">The SIMD register the device works with.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void DrawGroup<TVector>(ulong key, ulong start, uint forwardCount, uint site, uint* words)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        if (TVector.Width == 16)
        {
            Draw<Words512>(key, start, forwardCount, site, words);
        }
        else if (TVector.Width == 8)
        {
            Draw<Words256>(key, start, forwardCount, site, words);
        }
        else
        {
            Draw<Words128>(key, start, forwardCount, site, words);
        }
    }

    /// <summary>Two registers of blocks at once: ten rounds depend on each other, so one alone would wait for its products.</summary>
    private static void Draw<TWords>(ulong key, ulong start, uint forwardCount, uint site, uint* words)
        where TWords : unmanaged, IWordLanes<TWords>
    {
        var multiplier0 = TWords.Broadcast(Philox.Multiplier0);
        var multiplier1 = TWords.Broadcast(Philox.Multiplier1);
        var weyl0 = TWords.Broadcast(Philox.Weyl0);
        var weyl1 = TWords.Broadcast(Philox.Weyl1);
        for (var block = 0; block < GroupBlocks; block += 2 * TWords.Count)
        {
            var key0 = TWords.Broadcast((uint)key);
            var key1 = TWords.Broadcast((uint)(key >> 32));
            var xa = TWords.Sequence((uint)start + (uint)block);
            var xb = TWords.Sequence((uint)start + (uint)(block + TWords.Count));
            var ya = TWords.Broadcast((uint)(start >> 32));
            var yb = ya;
            var za = TWords.Broadcast(forwardCount);
            var zb = za;
            var wa = TWords.Broadcast(site);
            var wb = wa;
            for (var round = 0; round < Philox.Rounds; round++)
            {
                var product0a = TWords.Multiply(xa, multiplier0);
                var product0b = TWords.Multiply(xb, multiplier0);
                var product1a = TWords.Multiply(za, multiplier1);
                var product1b = TWords.Multiply(zb, multiplier1);
                xa = TWords.Xor(TWords.High(product1a), ya, key0);
                xb = TWords.Xor(TWords.High(product1b), yb, key0);
                za = TWords.Xor(TWords.High(product0a), wa, key1);
                zb = TWords.Xor(TWords.High(product0b), wb, key1);
                (ya, yb, wa, wb) = (product1a, product1b, product0a, product0b);
                key0 = TWords.Add(key0, weyl0);
                key1 = TWords.Add(key1, weyl1);
            }

            TWords.Store(xa, xb, words + block);
            TWords.Store(ya, yb, words + GroupBlocks + block);
            TWords.Store(za, zb, words + (2 * GroupBlocks) + block);
            TWords.Store(wa, wb, words + (3 * GroupBlocks) + block);
        }
    }
}
