namespace LargeRec.Models.Backbones;

/// <summary>HSTU as in the public research code ("Actions Speak Louder than Words", ICML 2024). The defaults are its ML-1M setting.</summary>
public sealed record HstuOptions
{
    /// <summary>Rows of the item table: the largest item index and one more, since row 0 is padding.</summary>
    public required int ItemRows { get; init; }

    /// <summary>L, the most events of a sequence.</summary>
    public int MaxLength { get; init; } = 200;

    public int Layers { get; init; } = 2;

    /// <summary>D.</summary>
    public int Width { get; init; } = 50;

    /// <summary>H.</summary>
    public int Heads { get; init; } = 1;

    /// <summary>Width of a head's queries and keys.</summary>
    public int Dqk { get; init; } = 50;

    /// <summary>Width of a head's values.</summary>
    public int Dv { get; init; } = 50;

    /// <summary>Of the embedded input and of each layer's gated output.</summary>
    public float Dropout { get; init; } = 0.2f;

    public AttentionBias Bias { get; init; } = AttentionBias.Both;

    /// <summary>The output projection sees [U, a, U·a] instead of U·a.</summary>
    public bool ConcatUa { get; init; }

    /// <summary>N = L + 11: the padded length of the published code (10 output places and the target), by which SiLU attention divides.</summary>
    public int PaddedLength => MaxLength + 11;

    /// <exception cref="ArgumentException">A value is impossible.</exception>
    internal void Validate()
    {
        Positive(ItemRows, "item rows");
        Positive(MaxLength, "max length");
        Positive(Layers, "layers");
        Positive(Width, "width");
        Positive(Heads, "heads");
        Positive(Dqk, "dqk");
        Positive(Dv, "dv");
        if (!(Dropout >= 0 && Dropout < 1))
        {
            throw new ArgumentException($"hstu: dropout is {Dropout} and must be at least 0 and below 1");
        }
    }

    private static void Positive(int value, string name)
    {
        if (value < 1)
        {
            throw new ArgumentException($"hstu: {name} is {value} and must be at least 1");
        }
    }
}
