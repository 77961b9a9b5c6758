namespace LargeRec.Data.Preparation;

/// <summary>What a data set is like, in numbers.</summary>
public sealed record SequenceStatistics
{
    /// <summary>Users with at least one event.</summary>
    public required int Users { get; init; }

    /// <summary>Different items with at least one event.</summary>
    public required int Items { get; init; }

    /// <summary>Items that a ranking runs over.</summary>
    public required int Candidates { get; init; }

    public required long Events { get; init; }

    public required int MinLength { get; init; }

    /// <summary>Mean of the two middle lengths where users are even in number.</summary>
    public required double MedianLength { get; init; }

    public required double MeanLength { get; init; }

    public required int MaxLength { get; init; }

    /// <summary>The lengths that 10, 25, 75, 90 and 99 percent of the users do not exceed.</summary>
    public required LengthQuantiles LengthQuantiles { get; init; }

    /// <summary>Events / (users x items).</summary>
    public required double Density { get; init; }

    /// <summary>Events with an item that the user has had before.</summary>
    public required long RepeatedEvents { get; init; }

    /// <summary>Events with the same item as the user's event before them.</summary>
    public required long ConsecutiveRepeats { get; init; }

    /// <summary>Shannon's entropy of the items' shares of all events, in bits; at most log2 of <see cref="Items"/>, where all are equally popular.</summary>
    public required double ItemEntropy { get; init; }

    /// <summary>Gini coefficient of the items' events: 0 where all are equally popular, towards 1 where a few have everything. Items without events do not
    /// count.</summary>
    public required double ItemGini { get; init; }

    /// <summary>Share of events that the most popular tenth of the items (rounded up) has.</summary>
    public required double TopTenthShare { get; init; }

    /// <summary>Events at the same time as the user's event before them.</summary>
    public required long TiedEvents { get; init; }

    /// <summary>Users whose last two events are at the same time: their test depends on how ties are ordered.</summary>
    public required int UsersTiedAtEnd { get; init; }

    /// <summary>Milliseconds since 1970-01-01 UTC; null without times.</summary>
    public required long? FirstTime { get; init; }

    /// <summary>Milliseconds since 1970-01-01 UTC; null without times.</summary>
    public required long? LastTime { get; init; }

    public static SequenceStatistics Of(InteractionSequences sequences)
    {
        var lengths = Enumerable.Range(0, sequences.UserCount).Select(sequences.LengthOf).Where(length => length > 0).Order().ToArray();
        var counts = ItemCounts(sequences);
        var items = counts.Length;
        var events = sequences.EventCount;
        var (repeated, consecutive) = CountRepeats(sequences);
        var (tied, tiedAtEnd) = CountTies(sequences);
        return new SequenceStatistics
        {
            Users = lengths.Length,
            Items = items,
            Candidates = sequences.Catalogue.Candidates.Length,
            Events = events,
            MinLength = events == 0 ? 0 : lengths[0],
            MedianLength = events == 0 ? 0 : (lengths[(lengths.Length - 1) / 2] + lengths[lengths.Length / 2]) / 2.0,
            MeanLength = events == 0 ? 0 : (double)events / lengths.Length,
            MaxLength = events == 0 ? 0 : lengths[^1],
            LengthQuantiles = LengthQuantiles.Of(lengths),
            Density = events == 0 ? 0 : (double)events / lengths.Length / items,
            RepeatedEvents = repeated,
            ConsecutiveRepeats = consecutive,
            ItemEntropy = Entropy(counts, events),
            ItemGini = Gini(counts, events),
            TopTenthShare = events == 0 ? 0 : counts.Skip(counts.Length - (counts.Length + 9) / 10).Sum(count => (long)count) / (double)events,
            TiedEvents = tied,
            UsersTiedAtEnd = tiedAtEnd,
            FirstTime = sequences.HasTimes && events > 0 ? Smallest(sequences.Times) : null,
            LastTime = sequences.HasTimes && events > 0 ? Largest(sequences.Times) : null,
        };
    }

    /// <summary>The events of each item that has any, ascending.</summary>
    private static int[] ItemCounts(InteractionSequences sequences)
    {
        var counts = new int[sequences.Catalogue.TableRows];
        foreach (var item in sequences.Items)
        {
            counts[item]++;
        }

        int[] positive = [.. counts.Where(count => count > 0)];
        Array.Sort(positive);
        return positive;
    }

    private static double Entropy(int[] counts, int events)
    {
        double entropy = 0;
        foreach (var count in counts)
        {
            var share = (double)count / events;
            entropy -= share * Math.Log2(share);
        }

        return entropy;
    }

    /// <summary>Sum over items, ascending, of (2 i - n - 1) x count, over n x events.</summary>
    private static double Gini(int[] ascending, int events)
    {
        double sum = 0;
        for (var i = 0; i < ascending.Length; i++)
        {
            sum += (2.0 * (i + 1) - ascending.Length - 1) * ascending[i];
        }

        return events == 0 ? 0 : sum / ascending.Length / events;
    }

    private static (long Repeated, long Consecutive) CountRepeats(InteractionSequences sequences)
    {
        // The user who last had an item, plus one: no set a user.
        var lastUser = new int[sequences.Catalogue.TableRows];
        var offsets = sequences.Offsets;
        var all = sequences.Items;
        long repeated = 0;
        long consecutive = 0;
        for (var user = 0; user + 1 < offsets.Length; user++)
        {
            var own = all[offsets[user]..offsets[user + 1]];
            for (var i = 0; i < own.Length; i++)
            {
                repeated += lastUser[own[i]] == user + 1 ? 1 : 0;
                consecutive += i > 0 && own[i] == own[i - 1] ? 1 : 0;
                lastUser[own[i]] = user + 1;
            }
        }

        return (repeated, consecutive);
    }

    private static (long Tied, int TiedAtEnd) CountTies(InteractionSequences sequences)
    {
        if (!sequences.HasTimes)
        {
            return (0, 0);
        }

        long tied = 0;
        var tiedAtEnd = 0;
        for (var user = 0; user < sequences.UserCount; user++)
        {
            var times = sequences.Times[sequences.Offsets[user]..sequences.Offsets[user + 1]];
            for (var i = 1; i < times.Length; i++)
            {
                tied += times[i] == times[i - 1] ? 1 : 0;
            }

            tiedAtEnd += times.Length >= 2 && times[^1] == times[^2] ? 1 : 0;
        }

        return (tied, tiedAtEnd);
    }

    private static long Smallest(ReadOnlySpan<long> times)
    {
        var smallest = long.MaxValue;
        foreach (var time in times)
        {
            smallest = Math.Min(smallest, time);
        }

        return smallest;
    }

    private static long Largest(ReadOnlySpan<long> times)
    {
        var largest = long.MinValue;
        foreach (var time in times)
        {
            largest = Math.Max(largest, time);
        }

        return largest;
    }
}
