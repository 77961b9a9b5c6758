using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>What negatives are drawn from.</summary>
public enum NegativeSource
{
    /// <summary>All candidates, each as likely.</summary>
    [JsonStringEnumMemberName("candidates")]
    Candidates,

    /// <summary>Items of the training events, by their counts to a power.</summary>
    [JsonStringEnumMemberName("popularity")]
    Popularity,

    /// <summary>The different items that a batch's events are followed by.</summary>
    [JsonStringEnumMemberName("batch")]
    Batch,
}
