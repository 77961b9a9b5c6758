using LargeRec.Data.Events;

namespace LargeRec.Data.Preparation;

/// <summary>
/// Every user's events in the order they happened, as columns over all users: user u owns the positions Offsets[u] .. Offsets[u + 1] - 1.
/// A column that the data lack is empty.
/// </summary>
public sealed class InteractionSequences
{
    private readonly int[] _offsets;
    private readonly int[] _items;
    private readonly long[] _times;
    private readonly float[] _ratings;
    private readonly byte[] _behaviours;

    private InteractionSequences(EventLog log, int[] offsets, int[] order)
    {
        _offsets = offsets;
        _items = Gather(log.Items, order);
        _times = Gather(log.Times, order);
        _ratings = Gather(log.Ratings, order);
        _behaviours = Gather(log.Behaviours, order);
        Name = log.Name;
        UserIds = log.UserIds;
        Catalogue = log.Catalogue;
        HasTimes = log.HasTimes;
        HasRatings = log.HasRatings;
        HasBehaviours = log.HasBehaviours;
        BehavioursAreFlags = log.BehavioursAreFlags;
        BehaviourNames = log.BehaviourNames;
        UserInformation = log.UserInformation;
        ItemInformation = log.ItemInformation;
        Notes = [.. log.Notes, OrderNote()];
    }

    public string Name { get; }

    public int UserCount => _offsets.Length - 1;

    public int EventCount => _items.Length;

    /// <summary>UserCount + 1 positions.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    public ReadOnlySpan<int> Items => _items;

    /// <summary>Milliseconds since 1970-01-01 UTC, never decreasing within a user; empty where <see cref="HasTimes"/> is false.</summary>
    public ReadOnlySpan<long> Times => _times;

    public ReadOnlySpan<float> Ratings => _ratings;

    /// <summary>Codes into <see cref="BehaviourNames"/>, or sets of bits where <see cref="BehavioursAreFlags"/>.</summary>
    public ReadOnlySpan<byte> Behaviours => _behaviours;

    public bool HasTimes { get; }

    public bool HasRatings { get; }

    public bool HasBehaviours { get; }

    public bool BehavioursAreFlags { get; }

    public Vocabulary UserIds { get; }

    public ItemVocabulary Catalogue { get; }

    public IReadOnlyList<string> BehaviourNames { get; }

    public IReadOnlyList<SideInformation> UserInformation { get; }

    public IReadOnlyList<SideInformation> ItemInformation { get; }

    /// <summary>The log's notes and how the events were sorted: lines to print.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Number of events of a user.</summary>
    public int LengthOf(int user) => _offsets[user + 1] - _offsets[user];

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

        return new InteractionSequences(log, offsets, order);
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

    private string OrderNote()
    {
        if (!HasTimes)
        {
            return "order: as in the file";
        }

        var tied = 0;
        for (var user = 0; user < UserCount; user++)
        {
            var end = _offsets[user + 1];
            tied += LengthOf(user) >= 2 && _times[end - 1] == _times[end - 2] ? 1 : 0;
        }

        return $"order: by time, ties in file order; {tied} of {UserCount} users have their last two events at the same time";
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
