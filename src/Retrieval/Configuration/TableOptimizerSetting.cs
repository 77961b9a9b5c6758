using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>How the item table is updated: three different updates.</summary>
public enum TableOptimizerSetting
{
    /// <summary>As every other parameter, all rows in each step: the published setting.</summary>
    [JsonStringEnumMemberName("adamw")]
    AdamW,

    /// <summary>Only the rows that a step uses, and only their moments.</summary>
    [JsonStringEnumMemberName("lazy-adamw")]
    LazyAdamW,

    /// <summary>Only the rows that a step uses; one second moment a row.</summary>
    [JsonStringEnumMemberName("rowwise-adamw")]
    RowwiseAdamW,
}
