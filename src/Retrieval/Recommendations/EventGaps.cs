using System.Globalization;
using LargeRec.Data.Preparation;

namespace LargeRec.Retrieval.Recommendations;

/// <summary>The time that passes between two events of a user.</summary>
public static class EventGaps
{
    private static readonly (long Size, string Name)[] Units = [(86_400_000, "days"), (3_600_000, "hours"), (60_000, "minutes"), (1000, "seconds")];

    /// <summary>The median over all events that follow another of their user, in milliseconds; the upper one of two. 0 without such events or without times.</summary>
    public static long Median(InteractionSequences sequences)
    {
        if (!sequences.HasTimes)
        {
            return 0;
        }

        var offsets = sequences.Offsets;
        var times = sequences.Times;
        var gaps = new long[times.Length];
        var count = 0;
        for (var user = 0; user < sequences.UserCount; user++)
        {
            for (var i = offsets[user] + 1; i < offsets[user + 1]; i++)
            {
                gaps[count++] = times[i] - times[i - 1];
            }
        }

        Array.Sort(gaps, 0, count);
        return count == 0 ? 0 : gaps[count / 2];
    }

    /// <summary>A length of time in the largest unit that it fills: 2.5 hours.</summary>
    public static string ToText(long milliseconds)
    {
        var (size, name) = Units.FirstOrDefault(unit => milliseconds >= unit.Size, Units[^1]);
        return string.Create(CultureInfo.InvariantCulture, $"{(double)milliseconds / size:0.##} {name}");
    }
}
