using System.Numerics;

namespace LargeRec.Engine.Gpu.Steps;

/// <summary>Sizes that steps are padded to, so that few differ: eight an octave, at most an eighth in vain, and nothing finer than 64.</summary>
internal static class SizeClass
{
    private const int Smallest = 64;
    private const int AnOctave = 8;

    /// <summary>The smallest multiple of max(64, 2^(⌊log2 n⌋ − 3)) that is at least n.</summary>
    public static int Of(int count)
    {
        if (count == 0)
        {
            return 0;
        }

        var unit = Math.Max(Smallest, (1 << BitOperations.Log2((uint)count)) / AnOctave);
        return checked((count + unit - 1) / unit * unit);
    }
}
