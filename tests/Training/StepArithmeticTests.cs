using LargeRec.Data.Batching;
using LargeRec.Engine.Cpu;
using LargeRec.Models.Losses;
using LargeRec.Retrieval.Experiment;
using LargeRec.Training.Optimizers;

namespace LargeRec.Training.Tests;

/// <summary>Accumulation and clipping against what they stand for.</summary>
public sealed class StepArithmeticTests
{
    private const double Beta1 = 0.9;

    [TestCase(8, TestName = "2 x 8 sequences are 1 x 16")]
    [TestCase(4, TestName = "4 x 4 sequences are 1 x 16")]
    [TestCase(5, TestName = "5 + 5 + 5 + 1 sequences are 1 x 16")]
    public void Forwards_that_are_added_are_one(int atOnce)
    {
        using var whole = new Step(sequencesAtOnce: null);
        using var parts = new Step(atOnce);
        var loss = whole.Trainer.TrainOn(whole.Batch(16));
        Assert.That(parts.Trainer.TrainOn(parts.Batch(16)), Is.EqualTo(loss).Within(1e-6 * loss));
        Assert.That(parts.Trainer.ForwardCount, Is.EqualTo((16 + atOnce - 1) / atOnce));
        Assert.That(parts.Trainer.Step, Is.EqualTo(1));

        // The first moment of a first step is the gradient times 1 - beta1, before Adam's division makes much of little.
        foreach (var (name, expected, found) in whole.Gradients().Zip(parts.Gradients(), (a, b) => (a.Name, a.Values, b.Values)))
        {
            var largest = expected.Max(Math.Abs);
            Assert.That(largest, Is.GreaterThan(0), name);
            Assert.That(found, Is.EqualTo(expected).Within(1e-6 * largest), name);
        }
    }

    [Test]
    public void Each_forward_draws_anew()
    {
        using var device = new CpuDevice(1);
        using var run = new TinyRun(traceNonFinite: false, "training.batch_size=8", "training.accumulation=2", "model.dropout=0");
        using var once = new TinyRun(traceNonFinite: false, "training.batch_size=16", "model.dropout=0");
        var (two, one) = (run.Trainer.TrainOn(run.Batch(0)), once.Trainer.TrainOn(once.Batch(0)));
        Assert.That(two, Is.Not.EqualTo(one).Within(1e-6), "the negatives of the second forward are others");
        Assert.That(run.Trainer.ForwardCount, Is.EqualTo(2));
    }

    [Test]
    public void Clipping_scales_all_gradients_together_to_the_norm_allowed()
    {
        using var free = new Step(sequencesAtOnce: null);
        using var roomy = new Step(sequencesAtOnce: null, clipNorm: 1e6);
        using var clipped = new Step(sequencesAtOnce: null, clipNorm: 0.01);
        foreach (var step in new[] { free, roomy, clipped })
        {
            step.Trainer.TrainOn(step.Batch(16));
        }

        var norm = Math.Sqrt(free.Gradients().Sum(g => g.Values.Sum(v => v * v)));
        Assert.That(norm, Is.GreaterThan(0.02), "the clipping must do something, or this test shows nothing");
        Assert.That(free.Trainer.GradientNorm, Is.Null);
        Assert.That(roomy.Trainer.GradientNorm, Is.EqualTo(norm).Within(1e-5 * norm));
        Assert.That(clipped.Trainer.GradientNorm, Is.EqualTo(norm).Within(1e-5 * norm), "the norm before it is clipped");
        foreach (var (plain, same, scaled) in free.Gradients().Zip(roomy.Gradients(), clipped.Gradients()))
        {
            Assert.That(same.Values, Is.EqualTo(plain.Values), $"{plain.Name}: a norm that is allowed changes no bit");
            Assert.That(scaled.Values, Is.EqualTo(plain.Values.Select(v => v * 0.01 / norm)).Within(1e-5 * 0.01), plain.Name);
        }
    }

    /// <summary>A tiny model without dropout whose negatives are all the same item, so that nothing is drawn.</summary>
    private sealed class Step : IDisposable
    {
        private readonly CpuDevice _device = new(2);
        private readonly ExperimentData _data;
        private readonly AdamW _optimizer;

        public Step(int? sequencesAtOnce, double? clipNorm = null)
        {
            var configuration = TinyRun.Configuration("model.dropout=0");
            _data = ExperimentData.Open(configuration, dataDirectory: null);
            var model = ModelFactory.Create(_device, configuration, _data.Sequences.Catalogue.TableRows);
            _optimizer = new AdamW(model.Parameters, new AdamWOptions { Beta1 = Beta1 });
            var loss = new SampledSoftmaxLoss(_device.UploadPersistent([3]), 2, temperature: 1);
            Trainer = new Trainer(_device, model, loss, _optimizer, new TrainerOptions { Seed = 1, SequencesAtOnce = sequencesAtOnce, ClipNorm = clipNorm });
        }

        public Trainer Trainer { get; }

        public JaggedBatch Batch(int sequences)
        {
            var batch = new JaggedBatch();
            batch.Fill(_data.Sequences, _data.Split.Training.Span[..sequences]);
            return batch;
        }

        public IEnumerable<(string Name, double[] Values)> Gradients() =>
            _optimizer.Moments.Select(m => (m.Name, m.FirstMoment.ToArray().Select(v => v / (1 - Beta1)).ToArray()));

        public void Dispose() => _device.Dispose();
    }
}
