using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>Which of each user's last events are held out.</summary>
public enum SplitSetting
{
    /// <summary>The last event is the test; there is no validation.</summary>
    [JsonStringEnumMemberName("published")]
    Published,

    /// <summary>The last event is the test, the second-last the validation.</summary>
    [JsonStringEnumMemberName("validated")]
    Validated,
}
