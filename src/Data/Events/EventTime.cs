using System.Globalization;
using System.Text;

namespace LargeRec.Data.Events;

/// <summary>Times of single events as people write and read them; inside they are milliseconds since 1970-01-01 UTC.</summary>
public static class EventTime
{
    private const int MillisecondsPerSecond = 1000;

    /// <summary>
    /// Reads an ISO 8601 time (UTC where it has no offset), or a number: seconds below 1e11 in size (the year 5138), milliseconds from there on, as readers
    /// guess too.
    /// </summary>
    public static bool TryParse(string text, out long milliseconds)
    {
        if (IsoTime.TryParse(Encoding.UTF8.GetBytes(text), out milliseconds))
        {
            return true;
        }

        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var scaled = decimal.Floor(Math.Abs(number) < TimeColumn.LeastMilliseconds ? number * MillisecondsPerSecond : number);
        var fits = scaled is >= long.MinValue and <= long.MaxValue;
        milliseconds = fits ? (long)scaled : 0;
        return fits;
    }

    /// <summary>From one time to another in seconds, each rounded down to whole ones first: differences of whole seconds, as the published code has
    /// them.</summary>
    public static long SecondsBetween(long from, long to) => Floor.Divide(to, MillisecondsPerSecond) - Floor.Divide(from, MillisecondsPerSecond);

    /// <summary>The time as ISO 8601 in UTC, with milliseconds where there are any; as a number of milliseconds outside of the years 1 to 9999.</summary>
    public static string ToText(long milliseconds)
    {
        var seconds = Floor.Divide(milliseconds, MillisecondsPerSecond);
        if (seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds() || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds} ms");
        }

        var format = milliseconds % MillisecondsPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString(format, CultureInfo.InvariantCulture);
    }
}
