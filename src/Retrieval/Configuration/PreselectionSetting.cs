using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>What is read first to find the best items; the lists are the same bits whatever it is.</summary>
public enum PreselectionSetting
{
    /// <summary>The float32 table itself.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>An int8 copy, a quarter of the bytes; only items that it cannot exclude are scored.</summary>
    [JsonStringEnumMemberName("int8")]
    EightBits,
}
