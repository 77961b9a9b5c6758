namespace LargeRec.Data.Events;

/// <summary>How a file writes its times.</summary>
public enum TimeUnit
{
    /// <summary>Seconds since 1970-01-01 UTC.</summary>
    Seconds,

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    Milliseconds,

    /// <summary>ISO 8601 dates and times, UTC where no offset is written.</summary>
    Iso,
}
