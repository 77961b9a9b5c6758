namespace LargeRec.Models.Losses;

/// <summary>
/// A list of items in which each stands about as often as count^power says, so that a uniform draw from the list is a draw by popularity: Q(item) is
/// exactly its entries over the list's.
/// </summary>
public sealed class PopularityCandidates
{
    /// <summary>Entries a table of this many distinct items has at least.</summary>
    private const int LeastEntries = 1 << 20;

    private readonly Dictionary<int, int> _entries = [];

    /// <param name="counts">By item: how often it occurs in the training events. Items that never occur are not drawn; all others have an entry.</param>
    /// <param name="power">From 0, every item that occurs as likely, to 1, as likely as it is frequent.</param>
    /// <exception cref="ArgumentException">No item occurs.</exception>
    public PopularityCandidates(ReadOnlySpan<int> counts, double power)
    {
        var sum = 0.0;
        var occurring = 0;
        foreach (var count in counts)
        {
            sum += count == 0 ? 0 : Math.Pow(count, power);
            occurring += count == 0 ? 0 : 1;
        }

        if (occurring == 0)
        {
            throw new ArgumentException("popularity: no item occurs in the training events; there is nothing to draw");
        }

        var entries = Math.Max(LeastEntries, 8L * occurring);
        var list = new List<int>();
        for (var item = 0; item < counts.Length; item++)
        {
            if (counts[item] > 0)
            {
                var share = Math.Max(1, (int)Math.Round(Math.Pow(counts[item], power) / sum * entries));
                _entries[item] = share;
                list.AddRange(Enumerable.Repeat(item, share));
            }
        }

        Items = [.. list];
    }

    /// <summary>The list, ascending.</summary>
    public IReadOnlyList<int> Items { get; }

    /// <summary>−ln Q(item) for every row of a table, 0 for items that are never drawn.</summary>
    public float[] LogCorrections(int tableRows)
    {
        var corrections = new float[tableRows];
        foreach (var (item, share) in _entries)
        {
            corrections[item] = (float)-Math.Log((double)share / Items.Count);
        }

        return corrections;
    }
}
