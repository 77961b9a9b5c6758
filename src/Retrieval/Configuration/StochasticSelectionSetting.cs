using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>Which events of a history stay that stochastic length cuts.</summary>
public enum StochasticSelectionSetting
{
    /// <summary>The latest.</summary>
    [JsonStringEnumMemberName("latest")]
    Latest,

    /// <summary>Drawn, all sets of so many equally likely, in their order.</summary>
    [JsonStringEnumMemberName("random")]
    Random,
}
