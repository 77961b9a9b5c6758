using LargeRec.Data.Events;

namespace LargeRec.Data.Preparation;

/// <summary>
/// Every user's events in the order they happened, as columns over all users: user u owns the positions Offsets[u] .. Offsets[u + 1] - 1.
/// A column that the data lack is empty. The columns are arrays, or lie in a <see cref="PreparedFile"/> that is mapped into memory: then spans of
/// them are valid until that file is disposed of, which is all that ever unmaps it. Ids, titles and notes stay valid.
/// </summary>
public sealed class InteractionSequences
{
    private readonly SequenceParts _parts;

    internal InteractionSequences(SequenceParts parts) => _parts = parts;

    public string Name => _parts.Name;

    public int UserCount => _parts.Offsets.Count - 1;

    public int EventCount => _parts.Items.Count;

    /// <summary>UserCount + 1 positions.</summary>
    public ReadOnlySpan<int> Offsets => _parts.Offsets.Span;

    public ReadOnlySpan<int> Items => _parts.Items.Span;

    /// <summary>Milliseconds since 1970-01-01 UTC, never decreasing within a user; empty where <see cref="HasTimes"/> is false.</summary>
    public ReadOnlySpan<long> Times => _parts.Times.Span;

    public ReadOnlySpan<float> Ratings => _parts.Ratings.Span;

    /// <summary>Codes into <see cref="BehaviourNames"/>, or sets of bits where <see cref="BehavioursAreFlags"/>.</summary>
    public ReadOnlySpan<byte> Behaviours => _parts.Behaviours.Span;

    public bool HasTimes => _parts.Present.HasFlag(EventColumns.Times);

    public bool HasRatings => _parts.Present.HasFlag(EventColumns.Ratings);

    public bool HasBehaviours => _parts.Present.HasFlag(EventColumns.Behaviours);

    /// <summary>Whether an event can have several behaviours at once, or none: bit k for the name with index k.</summary>
    public bool BehavioursAreFlags => _parts.BehavioursAreFlags;

    public Vocabulary UserIds => _parts.UserIds;

    public ItemVocabulary Catalogue => _parts.Catalogue;

    public IReadOnlyList<string> BehaviourNames => _parts.BehaviourNames;

    public IReadOnlyList<SideInformation> UserInformation => _parts.UserInformation;

    public IReadOnlyList<SideInformation> ItemInformation => _parts.ItemInformation;

    /// <summary>The log's notes and how the events were sorted: lines to print.</summary>
    public IReadOnlyList<string> Notes => _parts.Notes;

    /// <summary>The columns and all else.</summary>
    internal SequenceParts Parts => _parts;

    /// <summary>Number of events of a user.</summary>
    public int LengthOf(int user)
    {
        var offsets = Offsets;
        return offsets[user + 1] - offsets[user];
    }

    /// <summary>
    /// Sorts a log by user and, within a user, by time; events of a user at the same time keep the order of the file. Without times that is
    /// the order of the file throughout.
    /// </summary>
    public static InteractionSequences From(EventLog log)
    {
        var offsets = CountByUser(log);
        var order = OrderByUser(log, offsets);
        if (log.HasTimes)
        {
            var comparer = new ByTimeThenPosition(log);
            for (var user = 0; user + 1 < offsets.Length; user++)
            {
                var events = order.AsSpan(offsets[user]..offsets[user + 1]);
                if (!comparer.IsSorted(events))
                {
                    events.Sort(comparer);
                }
            }
        }

        var times = Gather(log.Times, order);
        return new InteractionSequences(new SequenceParts
        {
            Name = log.Name,
            Present = (log.HasTimes ? EventColumns.Times : 0) | (log.HasRatings ? EventColumns.Ratings : 0) | (log.HasBehaviours ? EventColumns.Behaviours : 0),
            Offsets = new(offsets),
            Items = new(Gather(log.Items, order)),
            Times = new(times),
            Ratings = new(Gather(log.Ratings, order)),
            Behaviours = new(Gather(log.Behaviours, order)),
            UserIds = log.UserIds,
            Catalogue = log.Catalogue,
            BehavioursAreFlags = log.BehavioursAreFlags,
            BehaviourNames = log.BehaviourNames,
            UserInformation = log.UserInformation,
            ItemInformation = log.ItemInformation,
            Notes = [.. log.Notes, OrderNote(log.HasTimes, offsets, times)],
        });
    }

    private static int[] CountByUser(EventLog log)
    {
        var offsets = new int[log.UserIds.Count + 1];
        foreach (var user in log.Users)
        {
            offsets[user + 1]++;
        }

        for (var user = 1; user < offsets.Length; user++)
        {
            offsets[user] += offsets[user - 1];
        }

        return offsets;
    }

    private static int[] OrderByUser(EventLog log, int[] offsets)
    {
        var next = offsets.AsSpan(0, offsets.Length - 1).ToArray();
        var order = new int[log.Count];
        var users = log.Users;
        for (var position = 0; position < users.Length; position++)
        {
            order[next[users[position]]++] = position;
        }

        return order;
    }

    private static T[] Gather<T>(ReadOnlySpan<T> column, int[] order)
    {
        if (column.IsEmpty)
        {
            return [];
        }

        var gathered = new T[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            gathered[i] = column[order[i]];
        }

        return gathered;
    }

    private static string OrderNote(bool hasTimes, int[] offsets, long[] times)
    {
        if (!hasTimes)
        {
            return "order: as in the file";
        }

        var tied = 0;
        for (var user = 0; user + 1 < offsets.Length; user++)
        {
            var end = offsets[user + 1];
            tied += end - offsets[user] >= 2 && times[end - 1] == times[end - 2] ? 1 : 0;
        }

        return $"order: by time, ties in file order; {tied} of {offsets.Length - 1} users have their last two events at the same time";
    }

    /// <summary>Positions in the file break ties, so any sort gives the stable order.</summary>
    private readonly struct ByTimeThenPosition(EventLog log) : IComparer<int>
    {
        public int Compare(int x, int y)
        {
            var times = log.Times;
            var byTime = times[x].CompareTo(times[y]);
            return byTime != 0 ? byTime : x.CompareTo(y);
        }

        public bool IsSorted(ReadOnlySpan<int> events)
        {
            var times = log.Times;
            for (var i = 1; i < events.Length; i++)
            {
                if (times[events[i]] < times[events[i - 1]])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
