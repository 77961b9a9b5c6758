using LargeRec.Retrieval.Baselines;

namespace LargeRec.Retrieval.Evaluation;

/// <summary>
/// Items by popularity in groups that have about the same number of training events each: the most popular items that make up the first fifth of all training
/// events, those of the next fifth, and so on; then the items that training never saw.
/// </summary>
internal sealed class PopularityShares
{
    private readonly PopularityOrder _popularity;
    private readonly int[] _lastPlaces;

    /// <param name="candidates">The items that are ranked.</param>
    /// <param name="popularity">Their order and counts.</param>
    /// <param name="shares">How many groups of items that training saw.</param>
    public PopularityShares(ReadOnlySpan<int> candidates, PopularityOrder popularity, int shares)
    {
        _popularity = popularity;
        var counts = new long[candidates.Length];
        foreach (var item in candidates)
        {
            counts[popularity.PlaceOf(item) - 1] = popularity.CountOf(item);
        }

        var total = counts.Sum();
        _lastPlaces = new int[shares];
        var (sum, share) = (0L, 0);
        for (var place = 1; place <= counts.Length && counts[place - 1] > 0; place++)
        {
            // An item belongs to the share in which its middle event lies, so that one very popular item cannot fill two.
            share = Math.Max(share, (int)Math.Min(shares - 1, ((2 * sum) + counts[place - 1]) * shares / (2 * total)));
            _lastPlaces[share] = place;
            sum += counts[place - 1];
        }

        for (var i = 1; i < shares; i++)
        {
            _lastPlaces[i] = Math.Max(_lastPlaces[i], _lastPlaces[i - 1]);
        }

        Names = [.. Enumerable.Range(0, shares).Select(NameOf), "not in training"];
    }

    /// <summary>A name a group, the most popular first, the items that training never saw last.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The group of an item; one that is no candidate is not in training.</summary>
    public int Of(int item)
    {
        var place = _popularity.PlaceOf(item);
        if (place == 0 || _popularity.CountOf(item) == 0)
        {
            return _lastPlaces.Length;
        }

        var group = 0;
        while (place > _lastPlaces[group])
        {
            group++;
        }

        return group;
    }

    private string NameOf(int share)
    {
        var first = share == 0 ? 1 : _lastPlaces[share - 1] + 1;
        return first == _lastPlaces[share] ? $"most popular {first}" : $"most popular {first} to {_lastPlaces[share]}";
    }
}
