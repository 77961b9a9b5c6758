using LargeRec.Data.Batching;
using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Cuda;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Engine.Randomness;
using LargeRec.Models.Losses;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;
using LargeRec.Training;
using LargeRec.Training.Optimizers;

namespace LargeRec.Kernels.Tests.StandIn;

/// <summary>
/// A training of a small HSTU on the stand-in: what is launched, copied and allocated a step. Nothing is computed there, so every value is 0.
/// </summary>
[NonParallelizable]
public sealed class CudaTrainingTests
{
    private readonly StandInLibrary library = StandInLibrary.Build("training");
    private readonly IlgpuKernelSource compiler = new();

    [Test]
    public void Every_step_launches_the_same_kernels_waits_once_and_allocates_the_same()
    {
        library.Reset();
        var configuration = EmbeddedConfigurations.Find("synthetic").Read(
        [
            "data.generator.users=60", "data.generator.items=40", "data.max_length=12", "model.width=8", "model.dqk=8", "model.dv=8", "loss.negatives=8",
            "training.batch_size=16", "evaluation.bootstrap=20",
        ]);
        var data = ExperimentData.Open(configuration, dataDirectory: null);
        var device = new GpuDevice(CudaDriver.Open(null, library.Path), new NamedEntries(compiler));
        using (device)
        {
            var model = ModelFactory.Create(device, configuration, data.Sequences.Catalogue.TableRows);
            var optimizer = new AdamW(model.Parameters, new AdamWOptions { LearningRate = 0.01f });
            var loss = new SampledSoftmaxLoss(device.UploadPersistent(data.Sequences.Catalogue.Candidates), 8, 0.05f);
            var trainer = new Trainer(device, model, loss, optimizer, new TrainerOptions { Seed = 1, SequencesAtOnce = 16 });
            var sampler = new BatchSampler(data.Sequences, data.Split.Training, 16, epoch => Permutation.Of(1, epoch, data.Split.Training.Length));
            var batch = new JaggedBatch();
            sampler.Fill(batch, 0);
            trainer.TrainOn(batch);
            trainer.TrainOn(batch);

            // A batch of the same sequences, over and over: the sequence of launches can differ by nothing but the tokens' count.
            var steps = new List<(string Launches, long Reads, long Writes, long Slabs, long Managed)>();
            for (var step = 0; step < 20; step++)
            {
                library.ForgetLaunches();
                var (reads, writes, slabs) = (library.Calls("cuMemcpyDtoHAsync_v2"), library.Calls("cuMemcpyHtoDAsync_v2"), library.Calls("cuMemAlloc_v2"));
                var before = GC.GetAllocatedBytesForCurrentThread();
                trainer.TrainOn(batch);
                var managed = GC.GetAllocatedBytesForCurrentThread() - before;
                steps.Add((string.Join('\n', library.Launches), library.Calls("cuMemcpyDtoHAsync_v2") - reads, library.Calls("cuMemcpyHtoDAsync_v2") - writes, library.Calls("cuMemAlloc_v2") - slabs, managed));
            }

            var last = steps[^1];
            TestContext.Out.WriteLine($"{last.Launches.Split('\n').Length} launches, {last.Reads} reads, {last.Writes} writes, {last.Managed:N0} managed bytes a step");
            foreach (var kernel in last.Launches.Split('\n').GroupBy(l => l.Split(' ')[0]))
            {
                TestContext.Out.WriteLine($"{kernel.Count(),4} {kernel.Key}");
            }

            Assert.That(steps.Select(s => s.Launches).Distinct().Count(), Is.EqualTo(1), "the same launches every step");
            Assert.That(last.Launches, Does.Contain("attention_hstu_forward").And.Contain("optimizer_adamw"));
            Assert.That(steps.Select(s => s.Reads), Is.All.EqualTo(1), "the loss, and nothing else, is read");
            Assert.That(steps.Select(s => s.Slabs), Is.All.Zero, "memory that is asked of the driver");
            Assert.That(steps.Select(s => s.Managed), Is.All.LessThanOrEqualTo(64 << 10));
            Assert.That(steps[^1].Managed, Is.EqualTo(steps[^2].Managed), "managed allocation is a constant");
        }

        Assert.That((library.Faults, library.Leaked, library.Alive), Is.EqualTo(("", 0L, 0L)));
    }

    /// <summary>Entry points named by kernel, so that the stand-in's list of launches can be read.</summary>
    private sealed class NamedEntries(IKernelSource source) : IKernelSource
    {
        public KernelImage Load(string name, KernelTarget target)
        {
            var image = source.Load(name, target);
            var entry = name.Replace(".plain", "", StringComparison.Ordinal).Replace('.', '_').Replace('-', '_');
            return image with { EntryPoint = entry, Text = image.Text.Replace($".entry {image.EntryPoint}(", $".entry {entry}(", StringComparison.Ordinal) };
        }
    }
}
