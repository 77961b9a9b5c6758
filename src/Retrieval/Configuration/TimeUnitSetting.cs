using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>How a delimited file writes its times.</summary>
public enum TimeUnitSetting
{
    /// <summary>Seconds since 1970-01-01 UTC.</summary>
    [JsonStringEnumMemberName("s")]
    Seconds,

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    [JsonStringEnumMemberName("ms")]
    Milliseconds,

    /// <summary>ISO 8601 dates and times.</summary>
    [JsonStringEnumMemberName("iso")]
    Iso,
}
