using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>How the learning rate goes on after the warm-up.</summary>
public enum ScheduleSetting
{
    /// <summary>It stays.</summary>
    [JsonStringEnumMemberName("constant")]
    Constant,

    /// <summary>It falls along half a cosine to the final rate at the last step.</summary>
    [JsonStringEnumMemberName("cosine")]
    Cosine,
}
