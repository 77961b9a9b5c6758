namespace LargeRec.Data.Events;

/// <summary>Times of publishers' files, whose unit is known: integers, of the years 1970 to 2100.</summary>
internal static class PublishedTime
{
    private const long LatestSecond = 4_102_444_800;

    /// <summary>A field of seconds, as milliseconds.</summary>
    public static long Seconds(TableReader row, int field)
    {
        var seconds = row.GetInt64(field, "time");
        return seconds is >= 0 and <= LatestSecond ? 1000 * seconds : throw row.WrongType(field, "time", "in seconds of the years 1970 to 2100");
    }

    /// <summary>A field of milliseconds.</summary>
    public static long Milliseconds(TableReader row, int field)
    {
        var milliseconds = row.GetInt64(field, "time");
        return milliseconds is >= 0 and <= 1000 * LatestSecond ? milliseconds : throw row.WrongType(field, "time", "in milliseconds of the years 1970 to 2100");
    }
}
