using LargeRec.Engine;

namespace LargeRec.Models.Layers;

/// <summary>
/// Multi-head attention of Transformers. Queries, keys and values come of one packed weight with a bias, as PyTorch keeps it, or of a weight each without.
/// Weights are [output, input].
/// </summary>
public sealed record MultiHeadOptions(AttentionOptions Attention) : MixerOptions(Attention)
{
    /// <summary>[query, key and value columns, D].</summary>
    public ParameterSetting? Packed { get; init; }

    /// <summary>[query, key and value columns]; there where <see cref="Packed"/> is.</summary>
    public ParameterSetting? PackedBias { get; init; }

    /// <summary>[H·dqk, D], where there is no packed weight.</summary>
    public ParameterSetting? Query { get; init; }

    /// <summary>[G·dqk, D], likewise.</summary>
    public ParameterSetting? Key { get; init; }

    /// <summary>[G·dv, D], likewise.</summary>
    public ParameterSetting? Value { get; init; }

    /// <summary>[D, H·dv]; none: what attention gives is added as it is (the first SASRec).</summary>
    public ParameterSetting? Output { get; init; }

    /// <summary>[D].</summary>
    public ParameterSetting? OutputBias { get; init; }

    /// <summary>Dropout of the result, before it is added.</summary>
    public float Dropout { get; init; }

    internal override Mixer Create(Device device, int width, string path, ulong seed) => new MultiHeadMixer(device, this, width, path, seed);
}
