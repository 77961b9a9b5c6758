using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>The feed-forward part's activation.</summary>
public enum FeedForwardSetting
{
    /// <summary>max(0, x).</summary>
    [JsonStringEnumMemberName("relu")]
    Relu,

    /// <summary>GELU, exact.</summary>
    [JsonStringEnumMemberName("gelu")]
    Gelu,
}
