using LargeRec.Autograd;
using LargeRec.Cases;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Tensors;
using LargeRec.Models.Backbones;
using LargeRec.Models.Losses;

namespace LargeRec.Models.Tests;

/// <summary>What a training step of two layers leaves behind: nothing.</summary>
public sealed class StepMemoryTests
{
    private const int MaxLength = 24;
    private const int Sequences = 6;
    private const int Items = 60;

    private CpuDevice _device = null!;
    private Hstu _model = null!;
    private SampledSoftmaxLoss _loss = null!;
    private uint _forwardCount;

    [SetUp]
    public void Start()
    {
        _device = new CpuDevice(2);
        _model = new Hstu(_device, new HstuOptions { ItemRows = Items, MaxLength = MaxLength, Width = 10, Dqk = 10, Dv = 10 }, seed: 1);
        _loss = new SampledSoftmaxLoss(_device.UploadPersistent([.. Enumerable.Range(1, Items - 1)]), 8, 0.05f);
        _forwardCount = 0;
    }

    [TearDown]
    public void Stop() => _device.Dispose();

    [Test]
    public void Device_bytes_are_the_same_at_steps_10_and_1000_with_ragged_batches()
    {
        // The first batch is the largest there can be; where blocks lie may differ from step to step, so that the second may still join slabs.
        var full = Batch(Enumerable.Repeat(MaxLength, Sequences));
        Step(full);
        Step(full);
        var (held, persistent) = (0L, 0L);
        for (var step = 3; step <= 1000; step++)
        {
            Step(Batch(CaseNumbers.Integers($"lengths {step}", Sequences, 0, MaxLength + 1).Append(1)));
            if (step == 10)
            {
                (held, persistent) = (_device.HeldBytes, _device.PersistentBytes);
            }
        }

        Assert.That(_device.HeldBytes, Is.EqualTo(held));
        Assert.That(_device.PersistentBytes, Is.EqualTo(persistent));
    }

    [Test]
    public void Managed_allocation_of_a_step_is_constant_and_small()
    {
        var batches = Enumerable.Range(0, 30).Select(i => Batch(CaseNumbers.Integers($"lengths {i}", Sequences, 1, MaxLength + 1))).ToArray();
        Step(Batch(Enumerable.Repeat(MaxLength, Sequences)));
        foreach (var batch in batches)
        {
            Step(batch);
        }

        var allocated = new List<long>();
        foreach (var batch in batches)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Step(batch);
            allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
        }

        TestContext.Out.WriteLine($"{allocated.Min()} to {allocated.Max()} bytes a step");
        Assert.That(allocated, Has.All.LessThan(64 * 1024));
        Assert.That(allocated.Distinct().Count(), Is.EqualTo(1), $"{string.Join(" ", allocated.Distinct())}: a step's allocation depends on its tokens");
    }

    [Test]
    public void A_step_gives_the_same_gradients_whatever_ran_before()
    {
        var batch = Batch([5, 0, 24, 1]);
        Step(batch);
        var expected = Gradients();
        _forwardCount = 0;
        Clear();
        foreach (var lengths in new[] { new[] { 24, 24, 24, 24 }, [1], [3, 9] })
        {
            Step(Batch(lengths));
        }

        _forwardCount = 0;
        Clear();
        Step(batch);
        Assert.That(Gradients(), Is.EqualTo(expected));
    }

    [Test]
    public void Two_halves_of_a_batch_give_the_gradients_of_the_whole()
    {
        var lengths = new[] { 5, 3, 24, 1 };
        var whole = Batch(lengths);
        RunWithoutDropout(whole, 0, 4);
        var expected = Gradients();
        Clear();
        RunWithoutDropout(whole, 0, 2);
        RunWithoutDropout(whole, 2, 4);
        var actual = Gradients();
        var largest = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(1e-6 * largest));
        }
    }

    private static HostBatch Batch(IEnumerable<int> lengths)
    {
        var sequences = new CaseSequences([.. lengths]);
        return new(
            sequences,
            CaseNumbers.Integers($"items {sequences}", sequences.Tokens, 1, Items),
            CaseNumbers.Integers($"labels {sequences}", sequences.Tokens, 1, Items),
            sequences.ToLayout());
    }

    /// <summary>A step as the trainer does it, but for the layout, which the batch's maker holds.</summary>
    private void Step(HostBatch batch)
    {
        _forwardCount++;
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var context = new ForwardContext(tape, Training: true, Seed: 5, _forwardCount);
        var queries = _model.Encode(context, new SequenceBatch(batch.Layout, _device.Upload(batch.Items)));
        var loss = _loss.Forward(context, queries, _model.Items(context), _device.Upload(batch.Labels), 1f / batch.Labels.Length);
        tape.Backward(loss);
    }

    /// <summary>The sequences [first, end) of a batch, weighed by the whole batch's tokens, with every item as a negative once.</summary>
    private void RunWithoutDropout(HostBatch batch, int first, int end)
    {
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var context = new ForwardContext(tape, Training: false, Seed: 5, 1);
        var offsets = batch.Sequences.Offsets;
        var tokens = offsets[first]..offsets[end];
        var layout = new JaggedLayout(
            [.. offsets[first..(end + 1)].Select(o => o - offsets[first])], batch.Sequences.EventSeconds[tokens], batch.Sequences.NextSeconds[tokens]);
        var queries = _model.Encode(context, new SequenceBatch(layout, _device.Upload(batch.Items[tokens])));
        var negatives = batch.Labels[tokens].SelectMany(_ => Enumerable.Range(1, Items - 1)).ToArray();
        tape.Backward(LargeRec.Autograd.Functions.SampledSoftmax.Apply(
            tape, queries, _model.Items(context), _device.Upload(batch.Labels[tokens]), _device.Upload(negatives), 0.05f, 1f / batch.Labels.Length));
    }

    private float[] Gradients() => [.. _model.Parameters.SelectMany(p => p.Variable.Gradient!.ToArray())];

    private void Clear()
    {
        foreach (var parameter in _model.Parameters)
        {
            parameter.Variable.ClearGradient();
        }
    }

    private sealed record HostBatch(CaseSequences Sequences, int[] Items, int[] Labels, JaggedLayout Layout);
}
