using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>Which relative bias attention scores get.</summary>
public enum BiasSetting
{
    /// <summary>No bias.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>By distance in positions.</summary>
    [JsonStringEnumMemberName("position")]
    Position,

    /// <summary>By bucketed time difference.</summary>
    [JsonStringEnumMemberName("time")]
    Time,

    /// <summary>The sum of both.</summary>
    [JsonStringEnumMemberName("both")]
    Both,

    /// <summary>Rotary positions of queries and keys.</summary>
    [JsonStringEnumMemberName("rope")]
    Rope,
}
