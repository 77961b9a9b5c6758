using LargeRec.Models.Layers;

namespace LargeRec.Models.Backbones;

/// <content>Llama, GPT and LiGR.</content>
public static partial class NamedBackbones
{
    private const float TransformerEpsilon = 1e-5f;

    /// <summary>
    /// Llama as "Performance Law" runs it (Touvron et al., 2023): root-mean-square norms before each part and at the end, rotary positions and no table of
    /// them, SwiGLU of 32·⌈8·D/3/32⌉, no biases.
    /// </summary>
    public static ModelPlan Llama(BackboneSize size) => Plan("llama", size, Normal(ItemTableName), layer =>
    {
        var path = $"layers.{layer}";
        var late = PublishedDeviation / Math.Sqrt(2.0 * size.Layers);
        var inner = size.FeedForwardWidth > 0 ? size.FeedForwardWidth : 32 * ((((8 * size.Width) / 3) + 31) / 32);
        var mixer = new MultiHeadOptions(Softmax(size, size.Dropout) with { KeyHeads = size.KeyHeads, RotaryTheta = 10_000 })
        {
            Query = Normal($"{path}.attention.wq.weight"),
            Key = Normal($"{path}.attention.wk.weight"),
            Value = Normal($"{path}.attention.wv.weight"),
            Output = Normal($"{path}.attention.wo.weight", late),
            Dropout = size.Dropout,
        };
        return new BlockOptions(path, size.Width, AffineRms(TransformerEpsilon, $"{path}.attention_norm.weight"), mixer)
        {
            SecondNorm = AffineRms(TransformerEpsilon, $"{path}.ffn_norm.weight"),
            FeedForward = new FeedForwardOptions(
                FeedForwardKind.SwiGlu, inner, Normal($"{path}.feed_forward.w1.weight"), Normal($"{path}.feed_forward.w2.weight"))
            {
                Second = Normal($"{path}.feed_forward.w3.weight", late), // w3, not w2: as published
                OutputDropout = size.Dropout,
            },
        };
    }) with
    {
        FinalNorm = AffineRms(TransformerEpsilon, "norm.weight"),
    };

    /// <summary>GPT-2 (Radford et al., 2019): layer norms before each part and at the end, learned positions, GELU of 4·D.</summary>
    public static ModelPlan Gpt(BackboneSize size) => Gpt(size, "gpt", ResidualPattern.PreNorm) with
    {
        FinalNorm = AffineLayer(TransformerEpsilon, "transformer.ln_f.weight", "transformer.ln_f.bias"),
    };

    /// <summary>GPT-1 (Radford et al., 2018): the same with layer norms behind each part.</summary>
    public static ModelPlan GptPost(BackboneSize size) => Gpt(size, "gpt-post", ResidualPattern.PostNorm);

    /// <summary>
    /// LiGR as eSASRec runs it: layer norms before, SwiGLU, and what each part adds multiplied by a sigmoid of a linear function of what it is added to.
    /// </summary>
    public static ModelPlan Ligr(BackboneSize size) => Plan("ligr", size, PublishedTable, layer =>
    {
        var path = $"transformer_blocks.{layer}";
        var (width, inner) = (size.Width, size.FeedForwardWidth > 0 ? size.FeedForwardWidth : 4 * size.Width);
        var mixer = new MultiHeadOptions(Softmax(size, size.Dropout))
        {
            Packed = XavierNormal($"{path}.multi_head_attn.in_proj_weight", width, 3 * width),
            PackedBias = ParameterSetting.Zeros($"{path}.multi_head_attn.in_proj_bias"),
            Output = XavierNormal($"{path}.multi_head_attn.out_proj.weight", width, width),
            OutputBias = ParameterSetting.Zeros($"{path}.multi_head_attn.out_proj.bias"),
            Dropout = size.Dropout,
        };
        return new BlockOptions(path, width, AffineLayer(TransformerEpsilon, $"{path}.layer_norm_1.weight", $"{path}.layer_norm_1.bias"), mixer)
        {
            SecondNorm = AffineLayer(TransformerEpsilon, $"{path}.layer_norm_2.weight", $"{path}.layer_norm_2.bias"),
            FeedForward = new FeedForwardOptions(
                FeedForwardKind.SwiGlu, inner, XavierNormal($"{path}.feed_forward.ff_linear_1.weight", width, inner),
                XavierNormal($"{path}.feed_forward.ff_linear_2.weight", inner, width))
            {
                Second = XavierNormal($"{path}.feed_forward.ff_linear_3.weight", width, inner),
                InnerDropout = size.Dropout,
                OutputDropout = size.Dropout,
            },
            MixerGate = new(XavierNormal($"{path}.gating_linear_1.weight", width, width), LinearBias($"{path}.gating_linear_1.bias", width)),
            FeedForwardGate = new(XavierNormal($"{path}.gating_linear_2.weight", width, width), LinearBias($"{path}.gating_linear_2.bias", width)),
        };
    }) with
    {
        Positions = XavierPositions(size),
    };

    private static ModelPlan Gpt(BackboneSize size, string name, ResidualPattern residual) => Plan(name, size, Normal(ItemTableName), layer =>
    {
        var path = $"transformer.h.{layer}";
        var late = PublishedDeviation / Math.Sqrt(2.0 * size.Layers);
        var inner = size.FeedForwardWidth > 0 ? size.FeedForwardWidth : 4 * size.Width;
        var mixer = new MultiHeadOptions(Softmax(size, size.Dropout))
        {
            Packed = Normal($"{path}.attn.c_attn.weight"),
            PackedBias = ParameterSetting.Zeros($"{path}.attn.c_attn.bias"),
            Output = Normal($"{path}.attn.c_proj.weight", late),
            OutputBias = ParameterSetting.Zeros($"{path}.attn.c_proj.bias"),
            Dropout = size.Dropout,
        };
        return new BlockOptions(path, size.Width, AffineLayer(TransformerEpsilon, $"{path}.ln_1.weight", $"{path}.ln_1.bias"), mixer)
        {
            Residual = residual,
            SecondNorm = AffineLayer(TransformerEpsilon, $"{path}.ln_2.weight", $"{path}.ln_2.bias"),
            FeedForward = new FeedForwardOptions(
                FeedForwardKind.Gelu, inner, Normal($"{path}.mlp.c_fc.weight"), Normal($"{path}.mlp.c_proj.weight", late))
            {
                FirstBias = ParameterSetting.Zeros($"{path}.mlp.c_fc.bias"),
                LastBias = ParameterSetting.Zeros($"{path}.mlp.c_proj.bias"),
                OutputDropout = size.Dropout,
            },
        };
    }) with
    {
        Positions = Normal(PositionsName),
    };
}
