namespace LargeRec.Models.Layers;

/// <summary>Where a block normalises and what its parts are added to. n₁ and n₂ are its norms, A attention and F the feed-forward part.</summary>
public enum ResidualPattern
{
    /// <summary>h = x + A(n₁(x)); y = h + F(n₂(h)): HSTU (without F), Llama, GPT-2, FuXi.</summary>
    PreNorm,

    /// <summary>h = n₁(x + A(x)); y = n₂(h + F(h)): GPT-1 and the first Transformer.</summary>
    PostNorm,

    /// <summary>q = n₁(x); h = n₂(q + A(queries of q, keys and values of x)); y = h + F(h): SASRec. There is no clean path from x to y.</summary>
    NormalizedQuery,
}
