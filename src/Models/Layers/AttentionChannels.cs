namespace LargeRec.Models.Layers;

/// <summary>Whether biases are channels of weights beside the scores (FuXi), each head giving an output a channel.</summary>
public enum AttentionChannels
{
    /// <summary>One output a head; biases are added to the scores.</summary>
    None,

    /// <summary>Position, time and scores (FuXi-α).</summary>
    WithScores,

    /// <summary>Position and time; no queries and keys (FuXi-β).</summary>
    BiasesAlone,
}
