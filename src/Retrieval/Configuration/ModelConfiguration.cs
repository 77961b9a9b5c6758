using System.ComponentModel;

namespace LargeRec.Retrieval.Configuration;

/// <summary>The network.</summary>
public sealed record ModelConfiguration
{
    [Description("What the blocks are.")]
    public BackboneSetting Backbone { get; init; } = BackboneSetting.Hstu;

    /// <summary>Number of blocks.</summary>
    [Description("Number of blocks.")]
    public int Layers { get; init; } = 2;

    /// <summary>D, the width of embeddings and of the residual stream.</summary>
    [Description("D, the width of embeddings and of the residual stream.")]
    public int Width { get; init; } = 50;

    /// <summary>H, the number of attention heads.</summary>
    [Description("H, the number of attention heads.")]
    public int Heads { get; init; } = 1;

    /// <summary>Width of queries and keys, per head.</summary>
    [Description("Width of queries and keys, per head.")]
    public int Dqk { get; init; } = 50;

    /// <summary>Width of values, per head.</summary>
    [Description("Width of values, per head.")]
    public int Dv { get; init; } = 50;

    /// <summary>Probability of zeroing, on the input and in each block's output.</summary>
    [Description("Probability of zeroing, on the input and in each block's output.")]
    public double Dropout { get; init; } = 0.2;

    /// <summary>The relative attention bias.</summary>
    [Description("The relative attention bias; data without times take none or position.")]
    public BiasSetting Bias { get; init; } = BiasSetting.Both;

    /// <summary>Whether a block's output projection sees [U, A, U * A] instead of U * A.</summary>
    [Description("Whether a block's output projection sees [U, A, U * A] instead of U * A.")]
    public bool ConcatUa { get; init; }
}
