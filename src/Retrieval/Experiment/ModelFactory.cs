using LargeRec.Engine;
using LargeRec.Engine.Operations;
using LargeRec.Models.Backbones;
using LargeRec.Models.Layers;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Experiment;

/// <summary>From a configuration to its model.</summary>
public static class ModelFactory
{
    /// <param name="device">Where it lives.</param>
    /// <param name="configuration">Its sections model, data (the longest history) and training (the seed).</param>
    /// <param name="itemRows">Rows of the item table, padding included.</param>
    public static SequenceModel Create(Device device, RunConfiguration configuration, int itemRows)
    {
        var model = configuration.Model;
        var seed = configuration.Training.Seed;
        if (model is { Backbone: BackboneSetting.Hstu, Weighting: null or WeightingSetting.Silu, Gate: null or true, Norm: null, Bias: not BiasSetting.Rope })
        {
            return new Hstu(device, HstuOptionsOf(configuration, itemRows), seed);
        }

        var size = SizeOf(configuration, itemRows);
        var plan = model.Backbone switch
        {
            BackboneSetting.Hstu => NamedBackbones.Hstu(size),
            BackboneSetting.HstuProduction => NamedBackbones.HstuProduction(size),
            BackboneSetting.Llama => NamedBackbones.Llama(size),
            BackboneSetting.Gpt => NamedBackbones.Gpt(size),
            BackboneSetting.GptPost => NamedBackbones.GptPost(size),
            BackboneSetting.Sasrec => NamedBackbones.Sasrec(size),
            BackboneSetting.SasrecBias => NamedBackbones.Sasrec(size with { Residual = size.Residual ?? ResidualPattern.PreNorm }),
            BackboneSetting.SasrecOriginal => NamedBackbones.SasrecOriginal(size),
            BackboneSetting.FuXiAlpha => NamedBackbones.FuXiAlpha(size),
            BackboneSetting.FuXiBeta => NamedBackbones.FuXiBeta(size),
            BackboneSetting.Ligr => NamedBackbones.Ligr(size),
            _ => throw new ConfigurationException($"model.backbone {model.Backbone} is not known"),
        };
        return new BlockModel(device, NormOf(model.Norm) is { } norm ? NamedBackbones.WithNorms(plan, norm) : plan, seed);
    }

    private static HstuOptions HstuOptionsOf(RunConfiguration configuration, int itemRows)
    {
        var model = configuration.Model;
        return new HstuOptions
        {
            ItemRows = itemRows,
            MaxLength = configuration.Data.MaxLength,
            Layers = model.Layers,
            Width = model.Width,
            Heads = model.Heads,
            Dqk = model.Dqk,
            Dv = model.Dv,
            Dropout = (float)model.Dropout,
            Bias = BiasOf(model.Bias),
            ConcatUa = model.ConcatUa,
        };
    }

    private static BackboneSize SizeOf(RunConfiguration configuration, int itemRows)
    {
        var model = configuration.Model;
        return new BackboneSize(itemRows)
        {
            MaxLength = configuration.Data.MaxLength,
            Layers = model.Layers,
            Width = model.Width,
            Heads = model.Heads,
            KeyHeads = model.KvHeads ?? 0,
            Dqk = model.Dqk,
            Dv = model.Dv,
            Dropout = (float)model.Dropout,
            FeedForwardWidth = model.FeedForwardWidth ?? 0,
            FeedForward = model.FeedForward switch
            {
                FeedForwardSetting.Relu => FeedForwardKind.Relu,
                FeedForwardSetting.Gelu => FeedForwardKind.Gelu,
                _ => null,
            },
            Residual = model.Residual switch
            {
                ResidualSetting.PreNorm => ResidualPattern.PreNorm,
                ResidualSetting.PostNorm => ResidualPattern.PostNorm,
                ResidualSetting.Sasrec => ResidualPattern.NormalizedQuery,
                _ => null,
            },
            Weighting = model.Weighting switch
            {
                WeightingSetting.Silu => AttentionWeighting.Silu,
                WeightingSetting.Softmax => AttentionWeighting.Softmax,
                WeightingSetting.LeakySoftmax => AttentionWeighting.LeakySoftmax,
                _ => null,
            },
            Bias = BiasOf(model.Bias),
            IsRotary = model.Bias == BiasSetting.Rope,
            Gate = model.Gate == false ? GateKind.None : model.ConcatUa ? GateKind.Concatenate : null,
        };
    }

    private static BlockNorm? NormOf(NormSetting? setting) => setting switch
    {
        NormSetting.Layer => new(NormKind.Layer, IsAffine: false),
        NormSetting.LayerAffine => new(NormKind.Layer, IsAffine: true),
        NormSetting.Rms => new(NormKind.Rms, IsAffine: false),
        NormSetting.RmsAffine => new(NormKind.Rms, IsAffine: true),
        _ => null,
    };

    private static AttentionBias BiasOf(BiasSetting bias) => bias switch
    {
        BiasSetting.Position => AttentionBias.Position,
        BiasSetting.Time => AttentionBias.Time,
        BiasSetting.Both => AttentionBias.Both,
        _ => AttentionBias.None,
    };
}
