using System.Text.Json.Serialization;

namespace LargeRec.Data.Preparation;

/// <summary>Which events are held out; <see cref="DataSplit"/> says exactly.</summary>
public enum SplitKind
{
    /// <summary>Each user's last event is the test; there is no validation. The split of the published HSTU results.</summary>
    [JsonStringEnumMemberName("published")]
    Published,

    /// <summary>Each user's last event is the test, the second-last the validation.</summary>
    [JsonStringEnumMemberName("validated")]
    Validated,

    /// <summary>Two moments for all users: what happens from the second on is the test, between them the validation. Needs times.</summary>
    [JsonStringEnumMemberName("temporal")]
    Temporal,

    /// <summary>Each user's last tenth (or another fraction) is the test, the tenth before it the validation.</summary>
    [JsonStringEnumMemberName("ratio")]
    Ratio,

    /// <summary>Each user's last basket, the events of one time, is the test as a whole, the basket before it the validation. Needs times.</summary>
    [JsonStringEnumMemberName("basket")]
    Basket,
}
