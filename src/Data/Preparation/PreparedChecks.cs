using LargeRec.Data.Events;

namespace LargeRec.Data.Preparation;

/// <summary>What must hold of a prepared file's columns beyond their checksums; the first thing that does not is thrown.</summary>
internal static class PreparedChecks
{
    public static void Offsets(Func<string, DataFormatException> fault, ReadOnlySpan<int> offsets, int events)
    {
        if (offsets.IsEmpty || offsets[0] != 0 || offsets[^1] != events)
        {
            throw fault($"users' offsets do not run from 0 to the {events} events");
        }

        for (var user = 1; user < offsets.Length; user++)
        {
            if (offsets[user] < offsets[user - 1])
            {
                throw fault($"the offset of user {user} is {offsets[user]} after {offsets[user - 1]}");
            }
        }
    }

    public static void Items(Func<string, DataFormatException> fault, ReadOnlySpan<int> items, int rows)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if ((uint)(items[i] - 1) >= (uint)(rows - 1))
            {
                throw fault($"event {i} has item {items[i]}; items are 1 .. {rows - 1}");
            }
        }
    }

    public static void Times(Func<string, DataFormatException> fault, ReadOnlySpan<long> times, ReadOnlySpan<int> offsets)
    {
        if (times.IsEmpty)
        {
            return;
        }

        for (var user = 0; user + 1 < offsets.Length; user++)
        {
            var own = times[offsets[user]..offsets[user + 1]];
            for (var i = 1; i < own.Length; i++)
            {
                if (own[i] < own[i - 1])
                {
                    throw fault($"time {own[i]} comes after {own[i - 1]} among the events of user {user}");
                }
            }
        }
    }

    public static void Ratings(Func<string, DataFormatException> fault, ReadOnlySpan<float> ratings)
    {
        for (var i = 0; i < ratings.Length; i++)
        {
            if (!float.IsFinite(ratings[i]))
            {
                throw fault($"event {i} has a rating that is no finite number");
            }
        }
    }

    public static void Behaviours(Func<string, DataFormatException> fault, ReadOnlySpan<byte> behaviours, int names, bool areFlags)
    {
        for (var i = 0; i < behaviours.Length; i++)
        {
            if (areFlags ? behaviours[i] >> names != 0 : behaviours[i] >= names)
            {
                throw fault($"event {i} has behaviour {behaviours[i]} and {names} are named");
            }
        }
    }

    public static void Candidates(Func<string, DataFormatException> fault, ReadOnlySpan<int> candidates, int rows)
    {
        var last = 0;
        foreach (var item in candidates)
        {
            if (item <= last || item >= rows)
            {
                throw fault($"candidate {item} follows {last}; candidates ascend within 1 .. {rows - 1}");
            }

            last = item;
        }
    }

    public static void Ends(Func<string, DataFormatException> fault, ReadOnlySpan<int> ends, int textLength, PreparedSectionKind kind)
    {
        var last = 0;
        foreach (var end in ends)
        {
            if (end < last || end > textLength)
            {
                throw fault($"section {kind} has {end} after {last} in a text of {textLength} bytes");
            }

            last = end;
        }

        if (last != textLength)
        {
            throw fault($"section {kind} ends at {last} in a text of {textLength} bytes");
        }
    }

    public static void Codes(Func<string, DataFormatException> fault, ReadOnlySpan<int> codes, int values, int count, string name)
    {
        if (codes.Length != count)
        {
            throw fault($"attribute {name} has {codes.Length} values where {count} are expected");
        }

        foreach (var code in codes)
        {
            if ((uint)code >= (uint)values)
            {
                throw fault($"attribute {name} has code {code} and {values} values");
            }
        }
    }
}
