using LargeRec.Data.Preparation;

namespace LargeRec.Retrieval.Baselines;

/// <summary>The candidates by how often they occur in the training events, the most frequent first, equal ones by item index.</summary>
public sealed class PopularityOrder
{
    private readonly int[] _places;
    private readonly int[] _counts;

    public PopularityOrder(InteractionSequences sequences, TrainingEvents training)
    {
        var counts = new int[sequences.Catalogue.TableRows];
        for (var user = 0; user < sequences.UserCount; user++)
        {
            foreach (var item in training.Of(user))
            {
                counts[item]++;
            }
        }

        var order = sequences.Catalogue.Candidates.ToArray();
        Array.Sort(order, (a, b) => counts[a] != counts[b] ? counts[b].CompareTo(counts[a]) : a.CompareTo(b));
        _counts = counts;
        _places = new int[counts.Length];
        for (var place = 0; place < order.Length; place++)
        {
            _places[order[place]] = place + 1;
        }
    }

    /// <summary>How often an item occurs in the training events.</summary>
    public int CountOf(int item) => _counts[item];

    /// <summary>The place of an item, from 1; 0 where it is no candidate.</summary>
    public int PlaceOf(int item) => _places[item];

    /// <summary>The rank of a target among the candidates that are not in the window; 0 where it is in the window or no candidate.</summary>
    /// <param name="seen">The distinct items of the window.</param>
    public int RankOf(int target, HashSet<int> seen)
    {
        var place = PlaceOf(target);
        if (place == 0 || seen.Contains(target))
        {
            return 0;
        }

        var before = 0;
        foreach (var item in seen)
        {
            before += PlaceOf(item) is var p && p > 0 && p < place ? 1 : 0;
        }

        return place - before;
    }
}
