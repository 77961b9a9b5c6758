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

    [Description("The relative attention bias; data without times take none, position or rope.")]
    public BiasSetting Bias { get; init; } = BiasSetting.Both;

    [Description("Whether a block's output projection sees [U, A, U * A] instead of U * A.")]
    public bool ConcatUa { get; init; }

    [Description("How attention weighs (hstu); null: silu for HSTU and FuXi, softmax for the others.")]
    public WeightingSetting? Weighting { get; init; }

    [Description("Whether HSTU's output is gated by U (hstu); null: it is.")]
    public bool? Gate { get; init; }

    [Description("The norms of the blocks; null: the backbone's own.")]
    public NormSetting? Norm { get; init; }

    [Description("The residual pattern (sasrec); null: the backbone's own.")]
    public ResidualSetting? Residual { get; init; }

    [Description("The feed-forward part's activation (sasrec); null: the backbone's own.")]
    public FeedForwardSetting? FeedForward { get; init; }

    [Description("Inner width of the feed-forward part; null: the backbone's own (width for sasrec and FuXi, 4 * width for gpt and ligr, "
        + "about 8/3 * width for llama).")]
    public int? FeedForwardWidth { get; init; }

    [Description("Heads of keys and values (llama), a divisor of heads; null: as many as heads.")]
    public int? KvHeads { get; init; }
}
