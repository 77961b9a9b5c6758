using LargeRec.Data.Events;
using LargeRec.Engine;
using LargeRec.Models.Losses;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Experiment;

/// <summary>From a configuration to its loss.</summary>
public static class LossFactory
{
    /// <param name="device">Where it lives.</param>
    /// <param name="loss">What is minimised.</param>
    /// <param name="catalogue">The items.</param>
    public static SequenceLoss Create(Device device, LossConfiguration loss, ItemVocabulary catalogue) => loss.Kind switch
    {
        LossSetting.SampledSoftmax =>
            new SampledSoftmaxLoss(device.UploadPersistent(catalogue.Candidates), loss.Negatives, (float)loss.Temperature),
        LossSetting.FullSoftmax => new FullSoftmaxLoss(device, catalogue.Candidates, catalogue.TableRows, (float)loss.Temperature),
        _ => throw new ConfigurationException($"loss.kind {loss.Kind} is not known"),
    };
}
