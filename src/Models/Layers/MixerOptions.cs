using LargeRec.Engine;

namespace LargeRec.Models.Layers;

/// <summary>What a <see cref="Mixer"/> is made of.</summary>
/// <param name="Attention">Its attention.</param>
public abstract record MixerOptions(AttentionOptions Attention)
{
    /// <param name="width">D.</param>
    /// <param name="path">The dropouts' places begin with it.</param>
    internal abstract Mixer Create(Device device, int width, string path, ulong seed);
}
