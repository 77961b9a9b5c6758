using LargeRec.Data.Batching;
using LargeRec.Engine;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Randomness;
using LargeRec.Models.Backbones;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;
using LargeRec.Training.Optimizers;

namespace LargeRec.Training.Tests;

/// <summary>A training small enough for a test: 60 users, 40 items, a model of width 8.</summary>
internal sealed class TinyRun : IDisposable
{
    public TinyRun(bool traceNonFinite = false, params string[] overrides)
        : this(new CpuDevice(2), traceNonFinite, overrides)
    {
    }

    /// <param name="device">Disposed with the run.</param>
    public TinyRun(Device device, bool traceNonFinite = false, params string[] overrides)
        : this(device, Configuration(overrides), traceNonFinite: traceNonFinite)
    {
    }

    /// <summary>A training that is not so small.</summary>
    /// <param name="device">Disposed with the run.</param>
    /// <param name="configuration">Any, with AdamW's usual numbers and a constant learning rate.</param>
    /// <param name="dataDirectory">Where named data are.</param>
    public TinyRun(Device device, RunConfiguration configuration, string? dataDirectory = null, bool traceNonFinite = false)
    {
        var seed = configuration.Training.Seed;
        Data = ExperimentData.Open(configuration, dataDirectory);
        Device = device;
        Model = ModelFactory.Create(Device, configuration, Data.Sequences.Catalogue.TableRows);
        var optimizer = new AdamW(Model.Parameters, new AdamWOptions { LearningRate = (float)configuration.Optimizer.LearningRate });
        var loss = LossFactory.Create(Device, configuration.Loss, Data);
        var (batchSize, accumulation) = (configuration.Training.BatchSize, configuration.Training.Accumulation);
        Trainer = new Trainer(Device, Model, loss, optimizer, new TrainerOptions
        {
            Seed = seed,
            ClipNorm = configuration.Optimizer.ClipNorm,
            SequencesAtOnce = batchSize,
            TraceNonFinite = traceNonFinite,
        });
        Sampler = new BatchSampler(
            Data.Sequences, Data.Split.Training, batchSize * accumulation, epoch => Permutation.Of(seed, epoch, Data.Split.Training.Length));
    }

    public Device Device { get; }

    public ExperimentData Data { get; }

    public SequenceModel Model { get; }

    public Trainer Trainer { get; }

    public BatchSampler Sampler { get; }

    public static RunConfiguration Configuration(params string[] overrides) => EmbeddedConfigurations.Find("synthetic").Read(
    [
        "data.generator.users=60", "data.generator.items=40", "data.max_length=12", "model.width=8", "model.dqk=8", "model.dv=8", "loss.negatives=8",
        "training.batch_size=16", "training.epochs=5", "evaluation.bootstrap=20", "optimizer.learning_rate=0.01", .. overrides,
    ]);

    /// <summary>Batch number n, over all epochs.</summary>
    public JaggedBatch Batch(long number)
    {
        var batch = new JaggedBatch();
        Sampler.Fill(batch, number);
        return batch;
    }

    public float[] Weights() => [.. Model.Parameters.SelectMany(p => p.Value.ToArray())];

    public void Dispose() => Device.Dispose();
}
