using LargeRec.Autograd;
using LargeRec.Data.Batching;

namespace LargeRec.Training.Tests;

/// <summary>A step: it learns, it leaves nothing behind, and what is not finite stops it before anything is changed.</summary>
public sealed class TrainerTests
{
    [Test]
    public void The_loss_falls()
    {
        using var run = new TinyRun();
        var losses = Enumerable.Range(0, 120).Select(step => run.Trainer.TrainOn(run.Batch(step))).ToArray();
        Assert.That(losses[^10..].Average(), Is.LessThan(0.7 * losses[..10].Average()), string.Join(' ', losses));
        Assert.That(run.Trainer.Step, Is.EqualTo(120));
        Assert.That(run.Trainer.ForwardCount, Is.EqualTo(120));
    }

    [Test]
    public void A_huge_learning_rate_stops_with_the_step_named()
    {
        using var run = new TinyRun(traceNonFinite: false, "optimizer.learning_rate=3e38");
        Assert.That(run.Trainer.TrainOn(run.Batch(0)), Is.GreaterThan(0));
        var weights = run.Weights();
        Assert.That(() => run.Trainer.TrainOn(run.Batch(1)), Throws.InstanceOf<NonFiniteException>()
            .With.Message.StartsWith("step 2: the loss is NaN; train again with --trace-nan"));
        Assert.That(run.Weights(), Is.EqualTo(weights), "nothing is changed by a step that fails");
        Assert.That(run.Trainer.Step, Is.EqualTo(1));
        Assert.That(run.Device.CurrentStep, Is.Null);
    }

    [Test]
    public void With_tracing_the_first_operation_that_made_NaN_is_named([Values("_item_emb", "_uvqk", "_ts_w")] string parameter)
    {
        using var run = new TinyRun(traceNonFinite: true);
        var spoilt = run.Model.Parameters.First(p => p.Name.Contains(parameter, StringComparison.Ordinal));
        run.Device.Upload(Enumerable.Repeat(float.NaN, (int)spoilt.Shape.Count).ToArray(), spoilt.Value);
        var error = Assert.Throws<NonFiniteException>(() => run.Trainer.TrainOn(run.Batch(0)));
        var operation = ((NonFiniteException)error.InnerException!).Operation;
        TestContext.Out.WriteLine(error.Message);
        Assert.That(error.Message, Does.StartWith("step 1: "));
        Assert.That(operation, Is.Not.Null.And.Not.Empty);
        Assert.That(error.Message, Does.Contain(operation!));
    }

    [Test]
    public void Tracing_changes_no_bit()
    {
        using var plain = new TinyRun();
        using var traced = new TinyRun(traceNonFinite: true);
        for (var step = 0; step < 3; step++)
        {
            Assert.That(traced.Trainer.TrainOn(traced.Batch(step)), Is.EqualTo(plain.Trainer.TrainOn(plain.Batch(step))));
        }

        Assert.That(traced.Weights(), Is.EqualTo(plain.Weights()));
    }

    [Test]
    public void After_the_reservation_no_step_takes_more_memory_and_no_bit_differs()
    {
        using var run = new TinyRun();
        using var plain = new TinyRun();
        var longest = run.Data.Split.Training.ToArray().OrderByDescending(e => e.Length).Take(16).ToArray();
        var largest = new JaggedBatch();
        largest.Fill(run.Data.Sequences, longest);
        run.Trainer.Reserve(largest);
        Assert.That(run.Weights(), Is.EqualTo(plain.Weights()));

        // Managed memory is counted where the step runs; the device has its own.
        var held = run.Device.HeldBytes;
        var allocated = new List<long>();
        var batch = new JaggedBatch();
        for (var step = 0; step < 1000; step++)
        {
            run.Sampler.Fill(batch, step);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var loss = run.Trainer.TrainOn(batch);
            allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            if (step < 20)
            {
                Assert.That(loss, Is.EqualTo(plain.Trainer.TrainOn(plain.Batch(step))));
            }

            if (step is 9 or 999)
            {
                Assert.That(run.Device.HeldBytes, Is.EqualTo(held), $"step {step + 1}");
            }
        }

        TestContext.Out.WriteLine($"{allocated[10..].Min()} to {allocated[10..].Max()} bytes a step");
        Assert.That(allocated[10..], Has.All.LessThanOrEqualTo(64 * 1024));
        Assert.That(allocated[999], Is.EqualTo(allocated[9]));
    }

    [Test]
    public void A_batch_without_anything_to_learn_is_an_error()
    {
        using var run = new TinyRun();
        var batch = new JaggedBatch();
        batch.Add(0, [3], [1000], target: 0, targetTime: 1000);
        Assert.That(() => run.Trainer.TrainOn(batch), Throws.ArgumentException.With.Message.Contains("no event of the batch has one after it"));
    }
}
