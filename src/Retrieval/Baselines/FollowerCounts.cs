using LargeRec.Data.Preparation;

namespace LargeRec.Retrieval.Baselines;

/// <summary>How often each item came right after another in the training events: a first-order Markov chain, kept sparse.</summary>
public sealed class FollowerCounts
{
    private readonly Dictionary<int, int>?[] _followers;

    public FollowerCounts(InteractionSequences sequences, TrainingEvents training)
    {
        _followers = new Dictionary<int, int>?[sequences.Catalogue.TableRows];
        for (var user = 0; user < sequences.UserCount; user++)
        {
            var items = training.Of(user);
            for (var i = 0; i + 1 < items.Length; i++)
            {
                var counts = _followers[items[i]] ??= [];
                counts[items[i + 1]] = counts.GetValueOrDefault(items[i + 1]) + 1;
            }
        }
    }

    /// <summary>The rank of a target after an item: by count, then by popularity's order; 0 where it is in the window or no candidate.</summary>
    /// <param name="last">The item that it follows.</param>
    /// <param name="seen">The distinct items of the window, which are not ranked.</param>
    public int RankOf(int last, int target, HashSet<int> seen, PopularityOrder popularity)
    {
        var rank = popularity.RankOf(target, seen);
        if (rank == 0 || _followers[last] is not { } counts)
        {
            return rank;
        }

        var place = popularity.PlaceOf(target);
        var ownCount = counts.GetValueOrDefault(target);
        var better = 0;
        foreach (var (item, count) in counts)
        {
            var itemPlace = popularity.PlaceOf(item);
            if (item == target || itemPlace == 0 || seen.Contains(item))
            {
                continue;
            }

            var isBefore = count > ownCount || (count == ownCount && itemPlace < place);
            better += ownCount > 0
                ? (isBefore ? 1 : 0)
                : (itemPlace > place ? 1 : 0); // popularity's rank has counted those before it already
        }

        return ownCount > 0 ? 1 + better : rank + better;
    }
}
