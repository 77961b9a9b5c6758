using System.Numerics;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>
/// A score and its candidate's position in one number: the better, the larger, equal scores by the smaller position. No two candidates share a key, so the k
/// largest are the same however they are found.
/// </summary>
internal static class BestKeys
{
    /// <param name="score">Anything but NaN; −0 becomes +0, since the two are equal.</param>
    public static ulong Of(float score, int position)
    {
        var bits = BitConverter.SingleToUInt32Bits(score + 0f);
        var ordered = bits ^ ((uint)((int)bits >> 31) | 0x80000000);
        return ((ulong)ordered << 32) | ~(uint)position;
    }

    public static float Score(ulong key)
    {
        var ordered = (uint)(key >> 32);
        return BitConverter.UInt32BitsToSingle(ordered ^ ((uint)((int)~ordered >> 31) | 0x80000000));
    }

    public static int Position(ulong key) => (int)~(uint)key;

    /// <summary>Moves the largest keys to the front, in any order: quickselect, and sorting where its pivots keep failing.</summary>
    public static void Select(Span<ulong> keys, int largest)
    {
        var (low, high) = (0, keys.Length - 1);
        var attempts = 2 * BitOperations.Log2((uint)keys.Length + 1);
        while (low < high && largest > low && largest <= high)
        {
            if (attempts-- == 0)
            {
                SortDescending(keys[low..(high + 1)]);
                return;
            }

            var pivot = MiddleOf(keys[low], keys[low + ((high - low) / 2)], keys[high]);
            var (left, right) = (low, high);
            while (left <= right)
            {
                while (keys[left] > pivot)
                {
                    left++;
                }

                while (keys[right] < pivot)
                {
                    right--;
                }

                if (left <= right)
                {
                    (keys[left], keys[right]) = (keys[right], keys[left]);
                    left++;
                    right--;
                }
            }

            if (largest <= right)
            {
                high = right;
            }
            else if (largest > left)
            {
                low = left;
            }
            else
            {
                return;
            }
        }
    }

    public static void SortDescending(Span<ulong> keys)
    {
        keys.Sort();
        keys.Reverse();
    }

    private static ulong MiddleOf(ulong a, ulong b, ulong c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
