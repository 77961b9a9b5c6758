using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>How scores become weights.</summary>
public enum WeightingSetting
{
    /// <summary>SiLU over N.</summary>
    [JsonStringEnumMemberName("silu")]
    Silu,

    /// <summary>A softmax over what a row sees, of scores over the root of dqk.</summary>
    [JsonStringEnumMemberName("softmax")]
    Softmax,

    /// <summary>As published with HSTU: a softmax over all N columns, later and padded ones too, masked afterwards.</summary>
    [JsonStringEnumMemberName("softmax-leaky")]
    LeakySoftmax,
}
