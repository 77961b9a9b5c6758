using LargeRec.Engine.Operations;
using LargeRec.Models.Layers;

namespace LargeRec.Models.Backbones;

/// <summary>The named backbones: each a setting of <see cref="Block"/>, with its own parameter names and first values.</summary>
public static partial class NamedBackbones
{
    private const string ItemTableName = "_embedding_module._item_emb.weight";
    private const string PositionsName = "_input_features_preproc._pos_emb.weight";
    private const double PublishedDeviation = 0.02;

    /// <summary>The item table of the public research code.</summary>
    private static ParameterSetting PublishedTable => new(ItemTableName, Initializer.TruncatedNormal(PublishedDeviation));

    private static ParameterSetting Normal(string name, double deviation = PublishedDeviation) => new(name, Initializer.Normal(deviation));

    private static ParameterSetting XavierUniform(string name, int fanIn, int fanOut) => new(name, Initializer.XavierUniform(fanIn, fanOut));

    private static ParameterSetting XavierNormal(string name, int fanIn, int fanOut) => new(name, Initializer.XavierNormal(fanIn, fanOut));

    /// <summary>A bias as PyTorch's Linear first sets it: U(±1/√fan in).</summary>
    private static ParameterSetting LinearBias(string name, int fanIn) => new(name, Initializer.Uniform(1 / Math.Sqrt(fanIn)));

    /// <summary>Positions that HSTU's reset_params initialises.</summary>
    private static ParameterSetting XavierPositions(BackboneSize size) => XavierNormal(PositionsName, size.Width, size.PaddedLength);

    /// <summary>A norm with a factor and a shift, of 1 and 0.</summary>
    private static NormOptions AffineLayer(float epsilon, string weight, string bias) =>
        new(NormKind.Layer, epsilon) { Weight = ParameterSetting.Ones(weight), Bias = ParameterSetting.Zeros(bias) };

    private static NormOptions AffineRms(float epsilon, string weight) => new(NormKind.Rms, epsilon) { Weight = ParameterSetting.Ones(weight) };

    /// <summary>Attention with the relative bias of the public research code, or rotary positions.</summary>
    private static AttentionOptions WithBias(AttentionOptions options, BackboneSize size, string path) => options with
    {
        TimeBias = size.Bias.HasFlag(AttentionBias.Time) ? Normal($"{path}._rel_attn_bias._ts_w") : null,
        PositionBias = size.Bias.HasFlag(AttentionBias.Position) ? Normal($"{path}._rel_attn_bias._pos_w") : null,
        RotaryTheta = size.IsRotary ? 10_000 : null,
    };

    /// <summary>A softmax of scores over √dqk.</summary>
    private static AttentionOptions Softmax(BackboneSize size, float dropout) => new(size.Heads, size.HeadWidth, size.HeadWidth, size.PaddedLength)
    {
        Weighting = size.Weighting ?? AttentionWeighting.Softmax,
        Scale = ScaleOf(size.Weighting ?? AttentionWeighting.Softmax, size.HeadWidth),
        Dropout = dropout,
    };

    /// <summary>1/√dqk of a softmax, 1 of the research code's SiLU.</summary>
    private static float ScaleOf(AttentionWeighting weighting, int width) => AttentionOperations.IsSoftmax(weighting) ? 1 / MathF.Sqrt(width) : 1;

    /// <summary>A plan with other norms: their epsilons and, where they had weights already, those weights' names stay.</summary>
    public static ModelPlan WithNorms(ModelPlan plan, BlockNorm norm)
    {
        return plan with
        {
            Blocks =
            [
                .. plan.Blocks.Select(block => block with
                {
                    FirstNorm = Of(block.FirstNorm, $"{block.Path}.norm_1"),
                    SecondNorm = block.SecondNorm is { } second ? Of(second, $"{block.Path}.norm_2") : null,
                }),
            ],
            FinalNorm = plan.FinalNorm is { } final ? Of(final, "last_norm") : null,
        };

        NormOptions Of(NormOptions own, string name) => new(norm.Kind, own.Epsilon)
        {
            Weight = norm.IsAffine ? own.Weight ?? ParameterSetting.Ones($"{name}.weight") : null,
            Bias = norm is { IsAffine: true, Kind: NormKind.Layer } ? own.Bias ?? ParameterSetting.Zeros($"{name}.bias") : null,
        };
    }

    private static ModelPlan Plan(string name, BackboneSize size, ParameterSetting table, Func<int, BlockOptions> block) =>
        new(name, size.ItemRows, size.MaxLength, size.Width, table, [.. Enumerable.Range(0, size.Layers).Select(block)]) { Dropout = size.Dropout };
}
