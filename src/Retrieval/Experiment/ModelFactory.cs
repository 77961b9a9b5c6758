using LargeRec.Engine;
using LargeRec.Models.Backbones;
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
        return model.Backbone switch
        {
            BackboneSetting.Hstu => new Hstu(
                device,
                new HstuOptions
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
                },
                configuration.Training.Seed),
            _ => throw new ConfigurationException($"model.backbone {model.Backbone} is not known"),
        };
    }

    private static AttentionBias BiasOf(BiasSetting bias) => bias switch
    {
        BiasSetting.Position => AttentionBias.Position,
        BiasSetting.Time => AttentionBias.Time,
        BiasSetting.Both => AttentionBias.Both,
        _ => AttentionBias.None,
    };
}
