using LargeRec.Engine.Operations;
using LargeRec.Models.Layers;

namespace LargeRec.Models.Backbones;

/// <content>HSTU and FuXi.</content>
public static partial class NamedBackbones
{
    private const float HstuEpsilon = 1e-6f;

    /// <summary>
    /// HSTU's research layer ("Actions Speak Louder than Words", 2024; generative-recommenders) and its ablations: bias, rotary positions, weighting, gate.
    /// </summary>
    public static ModelPlan Hstu(BackboneSize size) => Plan("hstu", size, PublishedTable, layer =>
    {
        var path = $"_hstu._attention_layers.{layer}";
        var weighting = size.Weighting ?? AttentionWeighting.Silu;

        // The leaky softmax as published scores all heads' columns as one, though over the root of one head's.
        var (heads, together) = weighting == AttentionWeighting.LeakySoftmax ? (1, size.Heads) : (size.Heads, 1);
        var attention = WithBias(
            new AttentionOptions(heads, together * size.QueryWidth, together * size.ValueWidth, size.PaddedLength)
            {
                Weighting = weighting,
                Scale = ScaleOf(weighting, size.QueryWidth),
            },
            size,
            path);
        var gate = size.Gate ?? GateKind.Product;
        var gated = attention.OutputWidth * (gate == GateKind.Concatenate ? 3 : 1);
        var mixer = new GatedMixerOptions(
            attention, Normal($"{path}._uvqk"), XavierUniform($"{path}._o.weight", gated, size.Width), NormOptions.Plain(HstuEpsilon))
        {
            Gate = gate,
            OutputBias = LinearBias($"{path}._o.bias", gated),
            Dropout = size.Dropout,
        };
        return new BlockOptions(path, size.Width, NormOptions.Plain(HstuEpsilon), mixer);
    }) with
    {
        Positions = XavierPositions(size),
    };

    /// <summary>
    /// HSTU's production layer (generative-recommenders, modules/stu.py): norms with weights, SiLU of U alone, α = 1/√dqk, the output projection of [U, O,
    /// U·n(O)] without a bias. The embedding is the research code's.
    /// </summary>
    public static ModelPlan HstuProduction(BackboneSize size) => Plan("hstu-production", size, PublishedTable, layer =>
    {
        var path = $"_stu_layers.{layer}";
        var attention = WithBias(
            new AttentionOptions(size.Heads, size.QueryWidth, size.ValueWidth, size.PaddedLength) { Scale = 1 / MathF.Sqrt(size.QueryWidth) }, size, path);
        var columns = (2 * attention.ValueWidth) + (2 * attention.QueryWidth);
        var mixer = new GatedMixerOptions(
            attention,
            XavierUniform($"{path}._uvqk_weight", size.Width, columns),
            XavierUniform($"{path}._output_weight", 3 * attention.OutputWidth, size.Width),
            AffineLayer(HstuEpsilon, $"{path}._output_norm_weight", $"{path}._output_norm_bias"))
        {
            ProjectionBias = ParameterSetting.Zeros($"{path}._uvqk_beta"),
            Activation = ProjectionActivation.GateOnly,
            Gate = GateKind.ConcatenateRaw,
            OutputFromRight = true,
            Dropout = size.Dropout,
        };
        return new BlockOptions(path, size.Width, AffineLayer(HstuEpsilon, $"{path}._input_norm_weight", $"{path}._input_norm_bias"), mixer);
    }) with
    {
        Positions = XavierPositions(size),
    };

    /// <summary>
    /// FuXi-α (Ye et al., 2025; FuXi-alpha): channels of position, time and scores side by side, a root-mean-square norm, the gate, then a SwiGLU of its own
    /// norm. F is D unless said otherwise.
    /// </summary>
    public static ModelPlan FuXiAlpha(BackboneSize size) => Plan("fuxi-alpha", size, PublishedTable, layer =>
    {
        var path = $"_fuxi._attention_layers.{layer}";
        var attention = new AttentionOptions(size.Heads, size.QueryWidth, size.ValueWidth, size.PaddedLength)
        {
            TimeBias = Normal($"{path}._rel_attn_bias._ts_w"),
            PositionBias = Normal($"{path}._rel_attn_bias._pos_w"),
            Channels = AttentionChannels.WithScores,
        };
        return FuXiBlock(path, size, attention);
    }) with
    {
        Positions = XavierPositions(size),
    };

    /// <summary>
    /// FuXi-β (fuxi_beta.py of FuXi-Linear's code): FuXi-α without queries and keys, and with a time bias of a·(Δt + 1)^(−b), a from U(±.2), b from U(.4, .8).
    /// </summary>
    public static ModelPlan FuXiBeta(BackboneSize size) => Plan("fuxi-beta", size, PublishedTable, layer =>
    {
        var path = $"_fuxi._attention_layers.{layer}";
        var attention = new AttentionOptions(size.Heads, 1, size.ValueWidth, size.PaddedLength)
        {
            Weighting = AttentionWeighting.Bias,
            TimePower = (
                new($"{path}._rel_attn_bias._pow_a", Initializer.Uniform(0.2)), new($"{path}._rel_attn_bias._pow_b", Initializer.Uniform(0.4, 0.8))),
            PositionBias = Normal($"{path}._rel_attn_bias._pos_w"),
            Channels = AttentionChannels.BiasesAlone,
        };
        return FuXiBlock(path, size, attention);
    }) with
    {
        Positions = XavierPositions(size),
    };

    /// <summary>The block of both: only attention differs.</summary>
    private static BlockOptions FuXiBlock(string path, BackboneSize size, AttentionOptions attention)
    {
        var mixer = new GatedMixerOptions(
            attention,
            Normal($"{path}._uvqk"),
            XavierUniform($"{path}._mffn.lin0.weight", attention.OutputWidth, size.Width),
            new NormOptions(NormKind.Rms, HstuEpsilon))
        {
            OutputBias = LinearBias($"{path}._mffn.lin0.bias", attention.OutputWidth),
            Dropout = size.Dropout,
        };
        return new BlockOptions(path, size.Width, new NormOptions(NormKind.Rms, HstuEpsilon), mixer)
        {
            SecondNorm = new NormOptions(NormKind.Rms, HstuEpsilon),
            FeedForward = Mffn(path, size),
        };
    }

    private static FeedForwardOptions Mffn(string path, BackboneSize size)
    {
        var (width, inner) = (size.Width, size.FeedForwardWidth > 0 ? size.FeedForwardWidth : size.Width);
        return new FeedForwardOptions(
            FeedForwardKind.SwiGlu, inner, XavierUniform($"{path}._mffn.lin1.weight", width, inner), XavierUniform($"{path}._mffn.lin2.weight", inner, width))
        {
            Second = XavierUniform($"{path}._mffn.lin3.weight", width, inner),
            InputDropout = size.Dropout,
        };
    }
}
