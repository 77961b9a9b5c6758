using LargeRec.Engine.Operations;
using LargeRec.Models.Layers;

namespace LargeRec.Models.Backbones;

/// <summary>What <see cref="NamedBackbones"/> leaves open.</summary>
/// <param name="ItemRows">V, row 0 being padding.</param>
public sealed record BackboneSize(int ItemRows)
{
    /// <summary>L.</summary>
    public int MaxLength { get; init; } = 200;

    /// <summary>Blocks.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>D.</summary>
    public int Width { get; init; } = 50;

    /// <summary>H.</summary>
    public int Heads { get; init; } = 1;

    /// <summary>G, heads of keys and values (Llama); 0 for H.</summary>
    public int KeyHeads { get; init; }

    /// <summary>Width of a head's queries and keys, of those that have it free; 0 for D/H.</summary>
    public int Dqk { get; init; }

    /// <summary>Width of a head's values, likewise.</summary>
    public int Dv { get; init; }

    /// <summary>Of the input and within blocks, where the backbone has it.</summary>
    public float Dropout { get; init; } = 0.2f;

    /// <summary>F, the inner width of the feed-forward part; 0 for the backbone's own.</summary>
    public int FeedForwardWidth { get; init; }

    /// <summary>The feed-forward part's activation; null for the backbone's own.</summary>
    public FeedForwardKind? FeedForward { get; init; }

    /// <summary>Where norms and sums are; null for the backbone's own.</summary>
    public ResidualPattern? Residual { get; init; }

    /// <summary>The weighting; null for the backbone's own.</summary>
    public AttentionWeighting? Weighting { get; init; }

    /// <summary>The relative bias, of those that have it free.</summary>
    public AttentionBias Bias { get; init; }

    /// <summary>Rotary positions instead of a bias, of those that have it free.</summary>
    public bool IsRotary { get; init; }

    /// <summary>The gate of HSTU; null for the backbone's own.</summary>
    public GateKind? Gate { get; init; }

    /// <summary>N = L + 11, as the published code's.</summary>
    public int PaddedLength => MaxLength + 11;

    internal int QueryWidth => Dqk > 0 ? Dqk : HeadWidth;

    internal int ValueWidth => Dv > 0 ? Dv : HeadWidth;

    /// <summary>D/H.</summary>
    /// <exception cref="ArgumentException">Heads do not divide the width.</exception>
    internal int HeadWidth => Heads >= 1 && Width % Heads == 0
        ? Width / Heads
        : throw new ArgumentException($"heads are {Heads} and the width is {Width}; heads must divide the width");
}
