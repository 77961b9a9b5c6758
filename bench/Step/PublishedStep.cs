using LargeRec.Data.Batching;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Randomness;
using LargeRec.Models.Backbones;
using LargeRec.Models.Losses;
using LargeRec.Training;
using LargeRec.Training.Optimizers;

namespace LargeRec.Bench.Step;

/// <summary>The published ML-1M setting on made-up batches.</summary>
internal static class PublishedStep
{
    /// <summary>A fresh model and its trainer.</summary>
    public static Trainer NewTrainer(CpuDevice device, HstuOptions options, int negatives = 128)
    {
        var model = new Hstu(device, options, seed: 1);
        var candidates = device.UploadPersistent(Enumerable.Range(1, options.ItemRows - 1).ToArray());
        return new Trainer(device, model, new SampledSoftmaxLoss(candidates, negatives, 0.05f), new AdamW(model.Parameters, new AdamWOptions()),
            new TrainerOptions { Seed = 1 });
    }

    /// <summary>Sequences of these lengths, with items drawn uniformly and times in sessions.</summary>
    public static JaggedBatch Batch(int[] lengths, ulong seed, int itemCount = 3952)
    {
        var stream = new PhiloxStream(seed, "bench.step");
        var batch = new JaggedBatch();
        for (var b = 0; b < lengths.Length; b++)
        {
            var items = new int[lengths[b]];
            var times = new long[lengths[b]];
            long time = 0;
            for (var i = 0; i < items.Length; i++)
            {
                items[i] = 1 + stream.NextBelow(itemCount);
                time += stream.NextBelow(8) == 0 ? 86_400_000L * stream.NextBelow(30) : 1000L * stream.NextBelow(120);
                times[i] = time;
            }

            batch.Add(b, items, times, 1 + stream.NextBelow(itemCount), time + 60_000);
        }

        return batch;
    }
}
