using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>Where a block normalises, and what its parts are added to.</summary>
public enum ResidualSetting
{
    /// <summary>Norms before each part, added to what came in: Llama's.</summary>
    [JsonStringEnumMemberName("pre-norm")]
    PreNorm,

    /// <summary>Norms behind each sum.</summary>
    [JsonStringEnumMemberName("post-norm")]
    PostNorm,

    /// <summary>SASRec's: added to the normalised query.</summary>
    [JsonStringEnumMemberName("sasrec")]
    Sasrec,
}
