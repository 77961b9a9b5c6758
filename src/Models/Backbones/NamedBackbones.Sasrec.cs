using LargeRec.Models.Layers;

namespace LargeRec.Models.Backbones;

/// <content>SASRec.</content>
public static partial class NamedBackbones
{
    private const float SasrecEpsilon = 1e-8f;

    /// <summary>
    /// SASRec as the public research code of HSTU runs it (Kang and McAuley, 2018): what is added to is the normalised query. F is D. A relative bias and other
    /// residual patterns are ablations; with <see cref="ResidualPattern.PreNorm"/> and both biases it is "SASRec + bias + Llama's residual".
    /// </summary>
    public static ModelPlan Sasrec(BackboneSize size) => Plan("sasrec", size, PublishedTable, layer =>
    {
        var (path, forward) = ($"attention_layers.{layer}", $"forward_layers.{layer}._conv1d");
        var (width, inner) = (size.Width, size.FeedForwardWidth > 0 ? size.FeedForwardWidth : size.Width);
        var mixer = new MultiHeadOptions(WithBias(Softmax(size, size.Dropout), size, path))
        {
            Packed = XavierNormal($"{path}.in_proj_weight", width, 3 * width),
            PackedBias = ParameterSetting.Zeros($"{path}.in_proj_bias"),
            Output = XavierNormal($"{path}.out_proj.weight", width, width),
            OutputBias = ParameterSetting.Zeros($"{path}.out_proj.bias"),
        };
        return new BlockOptions(path, width, NormOptions.Plain(SasrecEpsilon), mixer)
        {
            Residual = size.Residual ?? ResidualPattern.NormalizedQuery,
            SecondNorm = NormOptions.Plain(SasrecEpsilon),
            FeedForward = new FeedForwardOptions(
                size.FeedForward ?? FeedForwardKind.Relu,
                inner,
                XavierNormal($"{forward}.0.weight", width, inner) with { IsConvolution = true },
                XavierNormal($"{forward}.3.weight", inner, width) with { IsConvolution = true })
            {
                FirstBias = LinearBias($"{forward}.0.bias", width),
                LastBias = LinearBias($"{forward}.3.bias", inner),
                InnerDropout = size.Dropout,
                OutputDropout = size.Dropout,
            },
        };
    }) with
    {
        Positions = new ParameterSetting(PositionsName, Initializer.TruncatedNormal(Math.Sqrt(1.0 / size.Width))),
    };

    /// <summary>
    /// SASRec as first published (kang205/SASRec): norms with weights, no output projection of attention, a last norm, Glorot's uniform first values, and
    /// positions that count from the latest event, since its sequences are padded on the left.
    /// </summary>
    public static ModelPlan SasrecOriginal(BackboneSize size) => Plan("sasrec-original", size, XavierUniform(ItemTableName, size.Width, size.ItemRows), layer =>
    {
        var (path, forward) = ($"attention_layers.{layer}", $"forward_layers.{layer}._conv1d");
        var (width, inner) = (size.Width, size.FeedForwardWidth > 0 ? size.FeedForwardWidth : size.Width);
        var mixer = new MultiHeadOptions(Softmax(size, size.Dropout))
        {
            Packed = XavierUniform($"{path}.in_proj_weight", width, width),
            PackedBias = ParameterSetting.Zeros($"{path}.in_proj_bias"),
        };
        return new BlockOptions(path, width, AffineLayer(SasrecEpsilon, $"attention_norms.{layer}.weight", $"attention_norms.{layer}.bias"), mixer)
        {
            Residual = ResidualPattern.NormalizedQuery,
            SecondNorm = AffineLayer(SasrecEpsilon, $"forward_norms.{layer}.weight", $"forward_norms.{layer}.bias"),
            FeedForward = new FeedForwardOptions(
                FeedForwardKind.Relu,
                inner,
                XavierUniform($"{forward}.0.weight", width, inner) with { IsConvolution = true },
                XavierUniform($"{forward}.3.weight", inner, width) with { IsConvolution = true })
            {
                FirstBias = ParameterSetting.Zeros($"{forward}.0.bias"),
                LastBias = ParameterSetting.Zeros($"{forward}.3.bias"),
                InnerDropout = size.Dropout,
                OutputDropout = size.Dropout,
            },
        };
    }) with
    {
        Positions = XavierUniform(PositionsName, size.Width, size.PaddedLength),
        PositionsFromLatest = true,
        FinalNorm = AffineLayer(SasrecEpsilon, "last_norm.weight", "last_norm.bias"),
    };
}
