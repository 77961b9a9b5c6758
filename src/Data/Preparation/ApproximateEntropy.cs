using System.Runtime.InteropServices;

namespace LargeRec.Data.Preparation;

/// <summary>
/// How much an event says that the m before it do not: ApEn(m) = Φ(m) − Φ(m + 1), Φ(m) = Σ over blocks of m events p·log2 p, with p a block's share of all
/// blocks of m in all users' sequences (Pincus 1991, for categories: blocks match where they are equal). In bits an event; 0 where the next event is always the
/// same after the same m, log2 of the items where it is drawn evenly, and less where there are too few events to tell.
/// </summary>
public static class ApproximateEntropy
{
    /// <param name="sequences">Users' events in order; blocks do not cross from one user to the next.</param>
    /// <param name="m">Events of the shorter blocks, 0 or 1: 0 is the entropy of single events.</param>
    /// <exception cref="ArgumentOutOfRangeException">m is another number.</exception>
    public static double Of(InteractionSequences sequences, int m = 1)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        if (m is not (0 or 1))
        {
            throw new ArgumentOutOfRangeException(nameof(m), m, "approximate entropy is of blocks of 0 or 1 events");
        }

        var shorter = new Dictionary<long, int>();
        var longer = new Dictionary<long, int>();
        for (var user = 0; user < sequences.UserCount; user++)
        {
            var items = sequences.Items[sequences.Offsets[user]..sequences.Offsets[user + 1]];

            // Both kinds of blocks begin at the same events, so that the last event's missing successor changes nothing.
            for (var i = 0; i + m < items.Length; i++)
            {
                Count(shorter, m == 0 ? 0 : items[i]);
                Count(longer, m == 0 ? items[i] : ((long)items[i] << 32) | (uint)items[i + 1]);
            }
        }

        return shorter.Count == 0 ? 0 : Phi(shorter) - Phi(longer);
    }

    private static void Count(Dictionary<long, int> counts, long block) => CollectionsMarshal.GetValueRefOrAddDefault(counts, block, out _)++;

    private static double Phi(Dictionary<long, int> counts)
    {
        var total = counts.Values.Sum(count => (double)count);

        // In the order of counts, so that the sum does not depend on that of a dictionary.
        return counts.Values.Order().Sum(count => count / total * Math.Log2(count / total));
    }
}
