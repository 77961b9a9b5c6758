using LargeRec.Data.Batching;
using LargeRec.Engine;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Tensors;
using LargeRec.Models.Losses;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Experiment;

/// <summary>From a configuration to its loss.</summary>
public static class LossFactory
{
    /// <param name="device">Where it lives.</param>
    /// <param name="loss">What is minimised.</param>
    /// <param name="data">The items, and how often each occurs in the training events.</param>
    /// <exception cref="ConfigurationException">The device does not draw so.</exception>
    public static SequenceLoss Create(Device device, LossConfiguration loss, ExperimentData data)
    {
        var catalogue = data.Sequences.Catalogue;
        var temperature = (float)loss.Temperature;
        return loss.Kind switch
        {
            LossSetting.SampledSoftmax => new SampledSoftmaxLoss(SamplerOf(device, loss, data), temperature),
            LossSetting.FullSoftmax => new FullSoftmaxLoss(device, catalogue.Candidates, catalogue.TableRows, temperature),
            LossSetting.BinaryCrossEntropy => new BinaryCrossEntropyLoss(SamplerOf(device, loss, data), temperature),
            LossSetting.GeneralizedBinaryCrossEntropy => new BinaryCrossEntropyLoss(
                SamplerOf(device, loss, data),
                temperature,
                BinaryCrossEntropyLoss.PositivePower(loss.Negatives, catalogue.Candidates.Length, loss.Calibration)),
            _ => throw new ConfigurationException($"loss.kind {loss.Kind} is not known"),
        };
    }

    private static NegativeSampler SamplerOf(Device device, LossConfiguration loss, ExperimentData data)
    {
        if (device is not CpuDevice && (loss.SharedNegatives || loss.NegativesFrom == NegativeSource.Batch))
        {
            throw new ConfigurationException($"loss.{(loss.SharedNegatives ? "shared_negatives" : "negatives_from batch")}: the device '{device.Name}' draws "
                + "from lists for every token alone; the CPU device does");
        }

        var catalogue = data.Sequences.Catalogue;
        if (loss.NegativesFrom != NegativeSource.Popularity)
        {
            return new NegativeSampler(device.UploadPersistent(catalogue.Candidates), loss.Negatives)
            {
                IsShared = loss.SharedNegatives,
                IsInBatch = loss.NegativesFrom == NegativeSource.Batch,
            };
        }

        var popular = new PopularityCandidates(Counts(data), loss.PopularityPower);
        Tensor? corrections = null;
        if (loss.LogqCorrection)
        {
            corrections = device.AllocatePersistent(Shape.Matrix(1, catalogue.TableRows));
            device.Upload(popular.LogCorrections(catalogue.TableRows), corrections);
        }

        return new NegativeSampler(device.UploadPersistent([.. popular.Items]), loss.Negatives)
        {
            IsShared = loss.SharedNegatives,
            LogCorrections = corrections,
        };
    }

    /// <summary>How often each item follows an event in training: labels are what negatives stand beside.</summary>
    private static int[] Counts(ExperimentData data)
    {
        const int AtOnce = 1024;
        var counts = new int[data.Sequences.Catalogue.TableRows];
        var batch = new JaggedBatch();
        var examples = data.Split.Training.Span;
        for (var first = 0; first < examples.Length; first += AtOnce)
        {
            batch.Fill(data.Sequences, examples.Slice(first, Math.Min(AtOnce, examples.Length - first)));
            foreach (var label in batch.Labels)
            {
                counts[label] += label == 0 ? 0 : 1;
            }
        }

        return counts;
    }
}
