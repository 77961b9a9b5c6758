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

    /// <summary>Events / (users x items).</summary>
    public required double Density { get; init; }

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
        var seen = new bool[sequences.Catalogue.TableRows];
        foreach (var item in sequences.Items)
        {
            seen[item] = true;
        }

        var items = seen.AsSpan().Count(true);
        var events = sequences.EventCount;
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
            Density = events == 0 ? 0 : (double)events / lengths.Length / items,
            TiedEvents = tied,
            UsersTiedAtEnd = tiedAtEnd,
            FirstTime = sequences.HasTimes && events > 0 ? Smallest(sequences.Times) : null,
            LastTime = sequences.HasTimes && events > 0 ? Largest(sequences.Times) : null,
        };
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
