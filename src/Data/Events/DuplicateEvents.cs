using System.Globalization;

namespace LargeRec.Data.Events;

/// <summary>Counts events that are there twice: the same in every column. They are kept, as some data have them rightly, but said.</summary>
internal static class DuplicateEvents
{
    // Hashes sorted at a time: 32 MiB.
    private const int PartSize = 1 << 22;

    /// <summary>A line for the notes; null where there are none, or where the log has no times and a repeat means nothing.</summary>
    public static string? Note(EventLogBuilder log, CancellationToken cancellation)
    {
        var count = log.Columns.HasFlag(EventColumns.Times) ? Count(log, cancellation) : 0;
        return count == 0 ? null : string.Create(
            CultureInfo.InvariantCulture, $"{count} of {log.Count} events are exact duplicates of others (the same in every column); they are kept");
    }

    /// <summary>Events that equal one before them: equal by 64 bits of hash, so exact but for one case in thousands of billions of pairs.</summary>
    public static long Count(EventLogBuilder log, CancellationToken cancellation)
    {
        var parts = 1 + log.Count / PartSize;
        var hashes = new GrowableColumn<ulong>(log.Count / parts);
        long duplicates = 0;
        for (var part = 0; part < parts; part++)
        {
            cancellation.ThrowIfCancellationRequested();
            hashes.Clear();
            Collect(log, (uint)part, (uint)parts, hashes);
            hashes.Span.Sort();
            for (var i = 1; i < hashes.Count; i++)
            {
                duplicates += hashes.Span[i] == hashes.Span[i - 1] ? 1 : 0;
            }
        }

        return duplicates;
    }

    private static void Collect(EventLogBuilder log, uint part, uint parts, GrowableColumn<ulong> hashes)
    {
        var users = log.Users.Span;
        var items = log.Items.Span;
        var times = log.Times.Span;
        var ratings = log.Ratings.Span;
        var behaviours = log.Behaviours.Span;
        for (var i = 0; i < users.Length; i++)
        {
            if (parts > 1 && (uint)users[i] % parts != part)
            {
                continue;
            }

            var hash = Mix(((ulong)(uint)users[i] << 32) | (uint)items[i]);
            hash = Mix(hash ^ (ulong)times[i]);
            var rest = (ratings.IsEmpty ? 0UL : BitConverter.SingleToUInt32Bits(ratings[i])) | (behaviours.IsEmpty ? 0UL : (ulong)behaviours[i] << 32);
            hashes.Add(rest == 0 ? hash : Mix(hash ^ rest));
        }
    }

    // The finaliser of splitmix64.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15UL;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
