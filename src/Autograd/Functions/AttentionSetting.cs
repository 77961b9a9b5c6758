using LargeRec.Engine.Operations;

namespace LargeRec.Autograd.Functions;

/// <summary>What attention does besides its operands; the members are those of <see cref="AttentionInputs"/>.</summary>
/// <param name="Heads">H.</param>
/// <param name="Normalizer">N.</param>
public sealed record AttentionSetting(int Heads, int Normalizer)
{
    /// <summary>G; 0 for H.</summary>
    public int KeyHeads { get; init; }

    public AttentionWeighting Weighting { get; init; }

    /// <summary>What scores are multiplied by.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Of the weights.</summary>
    public DropoutSite Dropout { get; init; }
}
