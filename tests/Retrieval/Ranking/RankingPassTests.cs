using LargeRec.Data.Batching;
using LargeRec.Data.Preparation;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Tensors;
using LargeRec.Models;
using LargeRec.Models.Backbones;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Ranking;

namespace LargeRec.Retrieval.Tests.Ranking;

/// <summary>The streamed pass against one that encodes every history alone and scores every candidate.</summary>
public sealed class RankingPassTests
{
    // Scores are sums of 8 products below 1: what lies nearer than this may come out in either order.
    private const double NearTie = 1e-5;

    private CpuDevice _device = null!;

    [SetUp]
    public void Start() => _device = new CpuDevice(2);

    [TearDown]
    public void Stop() => _device.Dispose();

    [Test]
    public void Without_a_second_table_ranks_and_scores_have_the_same_bits([Values] bool filter)
    {
        var data = SmallData.Generated();
        var model = SmallData.Model(_device, data, "model.bias=both");
        var held = _device.PersistentBytes;
        using var copied = new RankingPass(model, _device, data.Sequences.Catalogue.Candidates);
        var ofCopy = _device.PersistentBytes - held;
        using var scaled = new RankingPass(model, _device, data.Sequences.Catalogue.Candidates, mostCopiedBytes: 0);
        Assert.That(_device.PersistentBytes - held - ofCopy, Is.LessThan(ofCopy));
        var examples = data.Split.Test;
        Assert.That(
            scaled.Ranks(data.Sequences, examples, 7, filter), Is.EqualTo(copied.Ranks(data.Sequences, examples, 7, filter)));
        var batch = new JaggedBatch();
        batch.Fill(data.Sequences, examples.Span[..5]);
        (int[] Items, float[] Scores) Best(RankingPass pass)
        {
            var (items, scores) = (new int[5 * 4], new float[5 * 4]);
            pass.TopK(batch, default, 4, items, scores);
            return (items, scores);
        }

        Assert.That(Best(scaled).Items, Is.EqualTo(Best(copied).Items));
        Assert.That(Best(scaled).Scores, Is.EqualTo(Best(copied).Scores));
    }

    [Test]
    public void Ranks_are_those_of_a_plain_pass([Values] bool filter, [Values("both", "none")] string bias)
    {
        var data = SmallData.Generated();
        var model = SmallData.Model(_device, data, $"model.bias={bias}");
        using var pass = new RankingPass(model, _device, data.Sequences.Catalogue.Candidates);
        var ranks = pass.Ranks(data.Sequences, data.Split.Test, batchSize: 16, filter);
        var items = Items(model);
        for (var i = 0; i < ranks.Length; i++)
        {
            var example = data.Split.Test.Span[i];
            var scores = Scores(model, items, Alone(data, example));
            var seen = filter ? data.Sequences.Items.Slice(example.Start, example.Length).ToArray().ToHashSet() : [];
            var target = data.Sequences.Items[example.Target];
            if (seen.Contains(target))
            {
                Assert.That(ranks[i], Is.Zero);
                continue;
            }

            var others = data.Sequences.Catalogue.Candidates.ToArray().Where(item => item != target && !seen.Contains(item)).ToArray();
            var least = 1 + others.Count(item => scores[item] > scores[target] + NearTie);
            var most = 1 + others.Count(item => scores[item] >= scores[target] - NearTie);
            Assert.That(ranks[i], Is.InRange(least, most), $"example {i}");
        }
    }

    [Test]
    public void The_size_of_batches_changes_nothing()
    {
        var data = SmallData.Generated();
        var model = SmallData.Model(_device, data);
        using var pass = new RankingPass(model, _device, data.Sequences.Catalogue.Candidates);
        var expected = pass.Ranks(data.Sequences, data.Split.Test, batchSize: 128, filterHistory: true);
        Assert.That(pass.Ranks(data.Sequences, data.Split.Test, batchSize: 1, filterHistory: true), Is.EqualTo(expected));
        Assert.That(pass.Ranks(data.Sequences, data.Split.Test, batchSize: 7, filterHistory: true), Is.EqualTo(expected));
    }

    [Test]
    public void Progress_counts_every_example_and_cancellation_stops()
    {
        var data = SmallData.Generated();
        var model = SmallData.Model(_device, data);
        using var pass = new RankingPass(model, _device, data.Sequences.Catalogue.Candidates);
        var told = new List<int>();
        pass.Ranks(data.Sequences, data.Split.Test, batchSize: 25, filterHistory: true, told.Add);
        Assert.That(told, Is.EqualTo(new[] { 25, 50, 60 }));

        using var stop = new CancellationTokenSource();
        Assert.That(() => pass.Ranks(data.Sequences, data.Split.Test, 25, true, _ => stop.Cancel(), stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_device.CurrentStep, Is.Null);
    }

    [Test]
    public void What_a_pass_held_goes_back_when_it_is_disposed_of()
    {
        var data = SmallData.Generated();
        var model = SmallData.Model(_device, data);
        var before = _device.PersistentBytes;
        using (var pass = new RankingPass(model, _device, data.Sequences.Catalogue.Candidates))
        {
            pass.Ranks(data.Sequences, data.Split.Test, 32, true);
        }

        var once = _device.PersistentBytes;
        using (var pass = new RankingPass(model, _device, data.Sequences.Catalogue.Candidates))
        {
            pass.Ranks(data.Sequences, data.Split.Test, 32, true);
        }

        Assert.That(_device.PersistentBytes, Is.EqualTo(once), $"{before} bytes before the first pass");
    }

    private static JaggedBatch Alone(ExperimentData data, Example example)
    {
        var batch = new JaggedBatch();
        batch.Fill(data.Sequences, [example]);
        return batch;
    }

    private float[] Items(SequenceModel model)
    {
        using var step = _device.BeginStep();
        return model.Items(ForwardContext.Inference(_device)).Value.ToArray();
    }

    private double[] Scores(SequenceModel model, float[] items, JaggedBatch batch)
    {
        using var step = _device.BeginStep();
        var layout = model.NeedsTimes ? new JaggedLayout(batch.Offsets, batch.EventSeconds, batch.NextSeconds) : new JaggedLayout(batch.Offsets);
        var query = model.Encode(ForwardContext.Inference(_device), new SequenceBatch(layout, _device.Upload(batch.Items))).Value.ToArray()[^model.Width..];
        return [.. Enumerable.Range(0, model.ItemRows)
            .Select(row => Enumerable.Range(0, model.Width).Sum(d => (double)query[d] * items[(row * model.Width) + d]))];
    }
}
