using System.ComponentModel;

namespace LargeRec.Retrieval.Configuration;

/// <summary>The network.</summary>
public sealed record ModelConfiguration
{
    [Description("What the blocks are.")]
    public BackboneSetting Backbone { get; init; } = BackboneSetting.Hstu;

    [Description("Number of blocks.")]
    public int Layers { get; init; } = 2;

    [Description("D, the width of embeddings and of the residual stream.")]
    public int Width { get; init; } = 50;

    [Description("H, the number of attention heads.")]
    public int Heads { get; init; } = 1;

    [Description("Width of queries and keys, per head.")]
    public int Dqk { get; init; } = 50;

    [Description("Width of values, per head.")]
    public int Dv { get; init; } = 50;

    [Description("Probability of zeroing, on the input and in each block's output.")]
    public double Dropout { get; init; } = 0.2;

    [Description("The relative attention bias; data without times take none or position.")]
    public BiasSetting Bias { get; init; } = BiasSetting.Both;

    [Description("Whether a block's output projection sees [U, A, U * A] instead of U * A.")]
    public bool ConcatUa { get; init; }
}
