namespace LargeRec.Models.Layers;

/// <summary>One block: norm, residual pattern, mixer, feed-forward part.</summary>
/// <param name="Path">Places of random numbers begin with it.</param>
/// <param name="Width">D.</param>
/// <param name="FirstNorm">n₁ of <see cref="ResidualPattern"/>.</param>
/// <param name="Mixer">What looks along the sequence.</param>
public sealed record BlockOptions(string Path, int Width, NormOptions FirstNorm, MixerOptions Mixer)
{
    public ResidualPattern Residual { get; init; }

    /// <summary>n₂; there where the pattern uses it.</summary>
    public NormOptions? SecondNorm { get; init; }

    /// <summary>None for none.</summary>
    public FeedForwardOptions? FeedForward { get; init; }

    /// <summary>LiGR's gate of the mixer: what it adds is multiplied with σ(x·Wᵀ + b), x the block's input.</summary>
    public LinearOptions? MixerGate { get; init; }

    /// <summary>LiGR's gate of the feed-forward part, of what that is added to.</summary>
    public LinearOptions? FeedForwardGate { get; init; }
}
