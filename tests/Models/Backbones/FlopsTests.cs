using LargeRec.Autograd;
using LargeRec.Cases;
using LargeRec.Engine;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Profiling;
using LargeRec.Engine.Tensors;
using LargeRec.Models.Backbones;
using LargeRec.Models.Losses;

namespace LargeRec.Models.Tests.Backbones;

/// <summary>The formulas of the models' arithmetic against what the operations were asked for, at ragged shapes.</summary>
public sealed class FlopsTests
{
    private const int Items = 60;
    private const int MaxLength = 24;
    private const int Negatives = 7;

    private static int[] Candidates => [.. Enumerable.Range(1, Items - 1)];

    private static IEnumerable<TestCaseData> Models()
    {
        yield return Case("hstu", device => new Hstu(device, Options(), seed: 1));
        yield return Case("hstu of three heads and other widths", device =>
            new Hstu(device, Options() with { Heads = 3, Dqk = 5, Dv = 9, Width = 13, Layers = 3 }, seed: 1));
        yield return Case("hstu with a wider output", device => new Hstu(device, Options() with { ConcatUa = true }, seed: 1));
        yield return Case("hstu without biases", device => new Hstu(device, Options() with { Bias = AttentionBias.None, Layers = 1 }, seed: 1));
        yield return Case("hstu under a full softmax", device => new Hstu(device, Options(), seed: 1), device =>
            new FullSoftmaxLoss(device, Candidates, Items, 0.05f));
        yield return Case("hstu under a binary cross-entropy", device => new Hstu(device, Options(), seed: 1), device =>
            new BinaryCrossEntropyLoss(new NegativeSampler(device.UploadPersistent(Candidates), Negatives), 0.05f));
        var number = 0;
        foreach (var plan in NamedBackboneTests.Plans())
        {
            var given = (ModelPlan)plan.Arguments[0]!;
            yield return Case($"block of {++number}, {given.Name}", device => new BlockModel(device, OfThisSize(given), seed: 1));
        }
    }

    [TestCaseSource(nameof(Models))]
    public void The_formula_of_a_step_is_what_the_operations_count(Func<Device, SequenceModel> create, Func<Device, SequenceLoss> createLoss)
    {
        foreach (var lengths in new int[][] { [1], [24, 1, 7, 13], [0, 5, 0, 24, 24, 2], [3, 3, 3] })
        {
            using var device = new CpuDevice(2);
            var model = create(device);
            var loss = createLoss(device);
            var counts = lengths.Aggregate(default(TokenCounts), (sum, length) => sum + TokenCounts.OfLength(length));
            var (forward, whole) = (new OperationCount(), new OperationCount());
            using var step = device.BeginStep();
            var (batch, labels) = Batch(device, lengths, model.NeedsTimes);
            device.Count = forward;
            _ = model.Encode(ForwardContext.Inference(device), batch);
            device.Count = whole;
            var context = new ForwardContext(new Tape(device), Training: true, 1, 1);
            var value = loss.Forward(context, model.Encode(context, batch), model.Items(context), labels, 1f / labels.Length);
            context.Tape.Backward(value);

            var name = string.Join(' ', lengths);
            Assert.That(forward.Flops, Is.GreaterThan(0).And.EqualTo(model.ForwardFlops(counts)).Within(1e-12).Percent, $"forward of {name}");
            Assert.That(
                whole.Flops,
                Is.EqualTo(3 * (model.ForwardFlops(counts) + loss.ForwardFlops(counts.Tokens, model.Width))).Within(1e-12).Percent,
                $"step of {name}: {string.Join(", ", whole.ByOperation)}");
        }
    }

    [Test]
    public void A_layer_is_counted_as_by_hand()
    {
        using var device = new CpuDevice(1);
        var model = new Hstu(device, Options() with { Layers = 1, Width = 4, Heads = 2, Dqk = 3, Dv = 5 }, seed: 1);

        // Two sequences of 2 and 3 events: 5 tokens; 3 + 6 pairs. Projection 5 x 4 x (2·10 + 2·6), scores 9 x 2 x 3, values 9 x 2 x 5, output 5 x 10 x 4.
        Assert.That(model.ForwardFlops(TokenCounts.OfLength(2) + TokenCounts.OfLength(3)),
            Is.EqualTo(2 * ((5 * 4 * 32) + (9 * 2 * 3) + (9 * 2 * 5) + (5 * 10 * 4))));
        Assert.That(model.EmbeddingParameterCount, Is.EqualTo((Items * 4) + ((MaxLength + 11) * 4)));
        Assert.That(model.ParameterCount - model.EmbeddingParameterCount, Is.EqualTo((4 * 32) + (10 * 4) + 4 + 129 + (2 * (MaxLength + 11)) - 1));
    }

    private static TestCaseData Case(string name, Func<Device, SequenceModel> create, Func<Device, SequenceLoss>? createLoss = null) =>
        new TestCaseData(create, createLoss ?? (device => new SampledSoftmaxLoss(device.UploadPersistent(Candidates), Negatives, 0.05f)))
            .SetArgDisplayNames(name);

    private static ModelPlan OfThisSize(ModelPlan plan) => plan with { ItemRows = Items, MaxLength = MaxLength };

    private static HstuOptions Options() => new() { ItemRows = Items, MaxLength = MaxLength, Width = 10, Dqk = 10, Dv = 10 };

    private static (SequenceBatch Batch, IndexTensor Labels) Batch(Device device, int[] lengths, bool hasTimes)
    {
        int[] offsets = [0, .. lengths.Select((_, i) => lengths[..(i + 1)].Sum())];
        int[] times = [.. lengths.SelectMany(length => Enumerable.Range(0, length).Select(i => 100 * i))];
        var layout = hasTimes ? new JaggedLayout(offsets, times, [.. times.Select(t => t + 100)]) : new JaggedLayout(offsets);
        var tokens = offsets[^1];
        return (
            new SequenceBatch(layout, device.Upload(CaseNumbers.Integers($"items {tokens}", tokens, 1, Items).ToArray())),
            device.Upload(CaseNumbers.Integers($"labels {tokens}", tokens, 1, Items).ToArray()));
    }
}
