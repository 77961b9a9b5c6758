using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>The loss.</summary>
public enum LossSetting
{
    /// <summary>Softmax over the target and uniformly drawn negatives.</summary>
    [JsonStringEnumMemberName("sampled-softmax")]
    SampledSoftmax,

    /// <summary>Softmax over all candidates.</summary>
    [JsonStringEnumMemberName("full-softmax")]
    FullSoftmax,

    /// <summary>Binary cross-entropy of the target against drawn negatives (SASRec).</summary>
    [JsonStringEnumMemberName("bce")]
    BinaryCrossEntropy,

    /// <summary>The same, calibrated for the share of negatives that is drawn (gSASRec).</summary>
    [JsonStringEnumMemberName("gbce")]
    GeneralizedBinaryCrossEntropy,
}
