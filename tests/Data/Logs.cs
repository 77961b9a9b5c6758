using LargeRec.Data.Events;

namespace LargeRec.Data.Tests;

/// <summary>Small logs from lists of events.</summary>
internal static class Logs
{
    /// <summary>Events of users 0, 1, ... with items from 1; times in milliseconds, or none where <paramref name="times"/> is false.</summary>
    public static EventLog Of(IReadOnlyList<(int User, int Item, long Time)> events, bool times = true)
    {
        var log = new EventLogBuilder("test", (times ? EventColumns.Times : 0) | EventColumns.Ratings);
        for (var i = 0; i < events.Count; i++)
        {
            // The rating tells which line of the file an event was.
            log.Add(events[i].User, events[i].Item, events[i].Time, rating: i);
        }

        return log.Build(
            Numbers(events.Count == 0 ? 0 : events.Max(e => e.User) + 1),
            ItemVocabulary.Dense(Numbers(events.Count == 0 ? 0 : events.Max(e => e.Item))));
    }

    private static Vocabulary Numbers(int count)
    {
        var ids = new Vocabulary();
        for (var i = 0; i < count; i++)
        {
            ids.GetOrAdd($"id {i}");
        }

        return ids;
    }
}
