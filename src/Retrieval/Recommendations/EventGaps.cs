using System.Globalization;
using LargeRec.Data.Preparation;

namespace LargeRec.Retrieval.Recommendations;

/// <summary>The time that passes between two events of a user.</summary>
public static class EventGaps
{
    private const int DigitBits = 12;

    /// <summary>Five digits reach 2^60 ms, far beyond all times there are.</summary>
    private const int HighestShift = 4 * DigitBits;

    private static readonly (long Size, string Name)[] Units = [(86_400_000, "days"), (3_600_000, "hours"), (60_000, "minutes"), (1000, "seconds")];

    /// <summary>The median over all events that follow another of their user, in milliseconds; the upper one of two. 0 without such events or without
    /// times.</summary>
    public static long Median(InteractionSequences sequences)
    {
        if (!sequences.HasTimes)
        {
            return 0;
        }

        // Selection by digits, the highest first: each pass counts the gaps that begin like the median as it is known so far by their next digit.
        var counts = new long[1 << DigitBits];
        var median = 0L;
        var (rank, isFirst) = (0L, true);
        for (var shift = HighestShift; shift >= 0; shift -= DigitBits)
        {
            Array.Clear(counts);
            Count(sequences, median, shift, counts);
            if (isFirst)
            {
                rank = counts.Sum() / 2;
                isFirst = false;
            }

            var digit = 0;
            while (digit < counts.Length - 1 && rank >= counts[digit])
            {
                rank -= counts[digit++];
            }

            if (counts[digit] == 0)
            {
                return 0;
            }

            median |= (long)digit << shift;
        }

        return median;
    }

    /// <summary>Counts by their digit at a place the gaps that have the prefix's digits above it.</summary>
    private static void Count(InteractionSequences sequences, long prefix, int shift, long[] counts)
    {
        var offsets = sequences.Offsets;
        var times = sequences.Times;
        var above = shift + DigitBits;
        for (var user = 0; user < sequences.UserCount; user++)
        {
            for (var i = offsets[user] + 1; i < offsets[user + 1]; i++)
            {
                var gap = times[i] - times[i - 1];
                if (gap >> above == prefix >> above)
                {
                    counts[(gap >> shift) & (counts.Length - 1)]++;
                }
            }
        }
    }

    /// <summary>A length of time in the largest unit that it fills: 2.5 hours.</summary>
    public static string ToText(long milliseconds)
    {
        var (size, name) = Units.FirstOrDefault(unit => milliseconds >= unit.Size, Units[^1]);
        var number = ((double)milliseconds / size).ToString("0.##", CultureInfo.InvariantCulture);
        return $"{number} {(number == "1" ? name[..^1] : name)}";
    }
}
