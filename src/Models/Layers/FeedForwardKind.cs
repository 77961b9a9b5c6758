namespace LargeRec.Models.Layers;

/// <summary>What a feed-forward part computes between its products.</summary>
public enum FeedForwardKind
{
    /// <summary>max(0, W₁z + b₁).</summary>
    Relu,

    /// <summary>GELU(W₁z + b₁), exact.</summary>
    Gelu,

    /// <summary>SiLU(W₁z)·(W₃z).</summary>
    SwiGlu,
}
