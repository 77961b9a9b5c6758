using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>What the blocks are.</summary>
public enum BackboneSetting
{
    /// <summary>The research layer of HSTU (Zhai et al., 2024).</summary>
    [JsonStringEnumMemberName("hstu")]
    Hstu,

    /// <summary>The production layer of HSTU.</summary>
    [JsonStringEnumMemberName("hstu-production")]
    HstuProduction,

    /// <summary>Llama (Touvron et al., 2023).</summary>
    [JsonStringEnumMemberName("llama")]
    Llama,

    /// <summary>GPT-2: norms before each part.</summary>
    [JsonStringEnumMemberName("gpt")]
    Gpt,

    /// <summary>GPT-1: norms behind each part.</summary>
    [JsonStringEnumMemberName("gpt-post")]
    GptPost,

    /// <summary>SASRec as in the research code of HSTU.</summary>
    [JsonStringEnumMemberName("sasrec")]
    Sasrec,

    /// <summary>SASRec as first published.</summary>
    [JsonStringEnumMemberName("sasrec-original")]
    SasrecOriginal,

    /// <summary>SASRec with HSTU's bias and Llama's residual pattern.</summary>
    [JsonStringEnumMemberName("sasrec-bias")]
    SasrecBias,

    /// <summary>FuXi-α (Ye et al., 2025).</summary>
    [JsonStringEnumMemberName("fuxi-alpha")]
    FuXiAlpha,

    /// <summary>FuXi-β: no queries and keys, a time bias by a function.</summary>
    [JsonStringEnumMemberName("fuxi-beta")]
    FuXiBeta,

    /// <summary>LiGR as in eSASRec.</summary>
    [JsonStringEnumMemberName("ligr")]
    Ligr,
}
