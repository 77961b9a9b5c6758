using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Cases;
using LargeRec.Engine.Cpu;
using LargeRec.Models.Backbones;
using LargeRec.Models.Embeddings;
using LargeRec.Models.Layers;
using LargeRec.Models.Weights;

namespace LargeRec.Models.Tests.Backbones;

/// <summary>The whole model against an independent float64 script: sequences of 1, 5, 200 and 33 events, two layers, width 50.</summary>
public sealed class HstuGoldenTests
{
    [Test]
    public void Every_stage_is_the_golden_one([ValueSource(typeof(GoldenModels), nameof(GoldenModels.Widths))] SimdWidth width)
    {
        using var golden = GoldenFile.Open("model-step");
        using var device = new CpuDevice(2, width);
        var options = GoldenModels.Options(golden, itemRows: 40, width: 50, layers: 2);
        var embedding = new SequenceEmbedding(device, options.ItemRows, options.PaddedLength, options.Width, 0, seed: 1);
        GoldenModels.Load(embedding, golden, device);
        using var step = device.BeginStep();
        var context = ForwardContext.Inference(device);
        var batch = new SequenceBatch(golden.Layout(), device.Upload(golden.Integers("ids")));
        var x = embedding.Forward(context, batch);
        GoldenModels.AssertNear(golden, "x0", x.Value.ToArray());
        for (var index = 0; index < options.Layers; index++)
        {
            var layer = new HstuLayer(device, options, $"_hstu._attention_layers.{index}", seed: 1);
            GoldenModels.Load(layer, golden, device);
            x = layer.Forward(context, x, batch.Layout);
            GoldenModels.AssertNear(golden, $"layer{index}", x.Value.ToArray());
        }
    }

    [Test]
    public void Outputs_loss_and_every_gradient_are_the_golden_ones([ValueSource(typeof(GoldenModels), nameof(GoldenModels.Widths))] SimdWidth width)
    {
        using var golden = GoldenFile.Open("model-step");
        using var device = new CpuDevice(2, width);
        var model = new Hstu(device, GoldenModels.Options(golden, itemRows: 40, width: 50, layers: 2), seed: 1);
        GoldenModels.Load(model, golden, device);
        using var step = device.BeginStep();
        var tape = new Tape(device);
        var context = new ForwardContext(tape, Training: true, Seed: 1, ForwardCount: 1);
        var batch = new SequenceBatch(golden.Layout(), device.Upload(golden.Integers("ids")));
        var queries = model.Encode(context, batch);
        GoldenModels.AssertNear(golden, "normalised", queries.Value.ToArray());
        var labels = golden.Integers("labels");
        var loss = SampledSoftmax.Apply(
            tape,
            queries,
            model.Items(context),
            device.Upload(labels),
            device.Upload(golden.Integers("negatives")),
            golden.Singles("config.temperature")[0],
            1f / labels.Count(l => l != 0));
        GoldenModels.AssertNear(golden, "loss", loss.Value.ToArray());
        tape.Backward(loss);
        GoldenModels.AssertGradients(model, golden);
    }

    [Test]
    public void Foreign_weights_give_the_golden_outputs()
    {
        // A state dict as data-parallel training leaves it: the prefix "module." everywhere, and a mask that is no weight.
        using var weights = GoldenFile.Open("foreign-weights");
        using var golden = GoldenFile.Open("foreign-expected");
        Assert.That(weights.Names, Has.All.StartsWith("module."));
        Assert.That(weights.Names, Does.Contain("module._attn_mask"));
        using var device = new CpuDevice(1);
        var model = new Hstu(device, GoldenModels.Options(golden, itemRows: 12, width: 8, layers: 2), seed: 1);
        ModelWeights.Load(model, weights.File);
        using var step = device.BeginStep();
        var batch = new SequenceBatch(golden.Layout(), device.Upload(golden.Integers("ids")));
        GoldenModels.AssertNear(golden, "normalised", model.Encode(ForwardContext.Inference(device), batch).Value.ToArray());
    }
}
