using LargeRec.Data.Batching;
using LargeRec.Data.Preparation;
using LargeRec.Engine;
using LargeRec.Models.Backbones;
using LargeRec.Retrieval.Ranking;

namespace LargeRec.Retrieval.Recommendations;

/// <summary>Recommends next items, in the data's own ids, to users of the data or to any history.</summary>
public sealed class Recommender : IDisposable
{
    private readonly InteractionSequences _sequences;
    private readonly RankingPass _pass;
    private readonly int _maxLength;
    private readonly long _medianGap;

    /// <param name="model">A trained model, on the device.</param>
    /// <param name="device">With no step open.</param>
    /// <param name="sequences">The data that it was trained on: ids, titles and users' histories.</param>
    public Recommender(SequenceModel model, Device device, InteractionSequences sequences)
    {
        _sequences = sequences;
        _maxLength = model.MaxLength;
        _pass = new RankingPass(model, device, sequences.Catalogue.Candidates);
        _medianGap = MedianGap(sequences);
    }

    /// <summary>What comes next for a user of the data, after all of the user's events; none of them is recommended again.</summary>
    /// <param name="userId">The id as the data have it.</param>
    /// <param name="at">The time of the request in milliseconds since 1970-01-01 UTC; null for the last event's plus the data's median gap.</param>
    /// <exception cref="ArgumentException">There is no such user.</exception>
    public IReadOnlyList<Recommendation> Recommend(string userId, int count = 10, long? at = null)
    {
        var user = _sequences.UserIds.Find(userId);
        if (user < 0)
        {
            throw new ArgumentException($"there is no user '{userId}' in {_sequences.Name} ({_sequences.UserCount} users)");
        }

        var events = _sequences.Offsets[user].._sequences.Offsets[user + 1];
        return Recommend(_sequences.Items[events], _sequences.HasTimes ? _sequences.Times[events] : [], count, at);
    }

    /// <summary>What comes next after a history.</summary>
    /// <param name="items">Item indices, oldest first, at least one.</param>
    /// <param name="times">Milliseconds, as many as items and never decreasing; empty where the data have no times.</param>
    /// <exception cref="ArgumentException">The history is empty, or its times do not fit.</exception>
    public IReadOnlyList<Recommendation> Recommend(ReadOnlySpan<int> items, ReadOnlySpan<long> times, int count = 10, long? at = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (at < (times.IsEmpty ? long.MinValue : times[^1]))
        {
            throw new ArgumentException($"the time of the request, {at} ms, is before the history's last event at {times[^1]} ms");
        }

        var window = Math.Min(items.Length, _maxLength);
        var batch = new JaggedBatch();
        batch.Add(0, items[^window..], times.IsEmpty ? [] : times[^window..], target: 0, targetTime: at ?? (times.IsEmpty ? 0 : times[^1] + _medianGap));
        var filter = new HistoryFilter();
        filter.Add(items);

        var (top, scores) = (new int[count], new float[count]);
        _pass.TopK(batch, filter.Filter, count, top, scores);
        var catalogue = _sequences.Catalogue;
        return [.. top.TakeWhile(item => item >= 0).Select((item, i) => new Recommendation(i + 1, catalogue.GetId(item), catalogue.GetTitle(item), scores[i]))];
    }

    public void Dispose() => _pass.Dispose();

    /// <summary>The median time between two events of a user: what passes, most likely, until the next.</summary>
    private static long MedianGap(InteractionSequences sequences)
    {
        if (!sequences.HasTimes)
        {
            return 0;
        }

        var gaps = new List<long>(sequences.EventCount);
        for (var user = 0; user < sequences.UserCount; user++)
        {
            for (var i = sequences.Offsets[user] + 1; i < sequences.Offsets[user + 1]; i++)
            {
                gaps.Add(sequences.Times[i] - sequences.Times[i - 1]);
            }
        }

        gaps.Sort();
        return gaps.Count == 0 ? 0 : gaps[gaps.Count / 2];
    }
}
