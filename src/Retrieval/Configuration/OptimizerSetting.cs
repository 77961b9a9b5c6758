using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>The optimiser.</summary>
public enum OptimizerSetting
{
    /// <summary>AdamW, dense over embedding tables too.</summary>
    [JsonStringEnumMemberName("adamw")]
    AdamW,
}
