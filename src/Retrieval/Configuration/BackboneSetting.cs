using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>What the blocks are.</summary>
public enum BackboneSetting
{
    /// <summary>The research layer of HSTU (Zhai et al., 2024).</summary>
    [JsonStringEnumMemberName("hstu")]
    Hstu,
}
