namespace LargeRec.Retrieval.Configuration;

/// <summary>The network.</summary>
public sealed record ModelConfiguration
{
    public BackboneSetting Backbone { get; init; } = BackboneSetting.Hstu;

    /// <summary>Number of blocks.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>D, the width of embeddings and of the residual stream.</summary>
    public int Width { get; init; } = 50;

    /// <summary>H, the number of attention heads.</summary>
    public int Heads { get; init; } = 1;

    /// <summary>Width of queries and keys, per head.</summary>
    public int Dqk { get; init; } = 50;

    /// <summary>Width of values, per head.</summary>
    public int Dv { get; init; } = 50;

    /// <summary>Probability of zeroing, on the input and in each block's output.</summary>
    public double Dropout { get; init; } = 0.2;

    /// <summary>The relative attention bias.</summary>
    public BiasSetting Bias { get; init; } = BiasSetting.Both;

    /// <summary>Whether a block's output projection sees [U, A, U * A] instead of U * A.</summary>
    public bool ConcatUa { get; init; }
}
