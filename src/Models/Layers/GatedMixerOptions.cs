using LargeRec.Engine;

namespace LargeRec.Models.Layers;

/// <summary>HSTU's mixer and what others have made of it: one projection to U, V, Q and K, and a gate.</summary>
/// <param name="Projection">[D, columns of U, V, Q and K], applied from the right.</param>
/// <param name="Output">[D, gated columns], or applied from the right [gated columns, D].</param>
/// <param name="OutputNorm">Of what attention gives.</param>
public sealed record GatedMixerOptions(AttentionOptions Attention, ParameterSetting Projection, ParameterSetting Output, NormOptions OutputNorm)
    : MixerOptions(Attention)
{
    /// <summary>A value a column of the projection; none for none.</summary>
    public ParameterSetting? ProjectionBias { get; init; }

    public ProjectionActivation Activation { get; init; }

    public GateKind Gate { get; init; }

    /// <summary>[D]; none for none.</summary>
    public ParameterSetting? OutputBias { get; init; }

    /// <summary>Whether the output weight is [gated columns, D].</summary>
    public bool OutputFromRight { get; init; }

    /// <summary>Of what the output projection sees.</summary>
    public float Dropout { get; init; }

    /// <summary>Columns of U.</summary>
    public int GateWidth => Gate == GateKind.None ? 0 : Attention.OutputWidth;

    /// <summary>Columns that the output projection sees.</summary>
    public int GatedWidth => Gate is GateKind.Concatenate or GateKind.ConcatenateRaw ? 3 * Attention.OutputWidth : Attention.OutputWidth;

    /// <summary>Columns of the projection.</summary>
    public int ProjectionWidth => GateWidth + Attention.ValueWidth + Attention.QueryWidth + Attention.KeyWidth;

    internal override Mixer Create(Device device, int width, string path, ulong seed) => new GatedMixer(device, this, width, path, seed);
}
