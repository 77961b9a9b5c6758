using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>How blocks normalise.</summary>
public enum NormSetting
{
    /// <summary>Layer norm without weights.</summary>
    [JsonStringEnumMemberName("layer")]
    Layer,

    /// <summary>Layer norm with a factor and a shift a column.</summary>
    [JsonStringEnumMemberName("layer-affine")]
    LayerAffine,

    /// <summary>Root mean square without weights.</summary>
    [JsonStringEnumMemberName("rms")]
    Rms,

    /// <summary>Root mean square with a factor a column.</summary>
    [JsonStringEnumMemberName("rms-affine")]
    RmsAffine,
}
