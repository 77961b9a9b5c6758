using System.Text.Json.Serialization;

namespace LargeRec.Data.Events;

/// <summary>How a file writes its times.</summary>
public enum TimeUnit
{
    /// <summary>Seconds since 1970-01-01 UTC.</summary>
    [JsonStringEnumMemberName("s")]
    Seconds,

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    [JsonStringEnumMemberName("ms")]
    Milliseconds,

    /// <summary>ISO 8601 dates and times, UTC where no offset is written.</summary>
    [JsonStringEnumMemberName("iso")]
    Iso,
}
