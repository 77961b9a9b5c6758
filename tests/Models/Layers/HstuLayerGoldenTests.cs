using LargeRec.Autograd;
using LargeRec.Cases;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Tensors;
using LargeRec.Models.Layers;

namespace LargeRec.Models.Tests.Layers;

/// <summary>The layer's output and every gradient against an independent float64 script: sequences of 7, 0, 200, 1 and 0 events.</summary>
public sealed class HstuLayerGoldenTests
{
    [Test]
    public void Output_and_gradients_are_the_golden_ones(
        [Values("h1", "h2", "h2-dqk-ne-dv", "h2-concat-ua", "bias-none", "bias-position", "bias-time", "bias-both")] string variant,
        [ValueSource(typeof(GoldenModels), nameof(GoldenModels.Widths))] SimdWidth width)
    {
        using var golden = GoldenFile.Open($"layer-{variant}");
        using var device = new CpuDevice(2, width);
        var x = Variable.Leaf(golden.UploadPersistent(device, "x"));
        var layer = new HstuLayer(device, GoldenModels.Options(golden, 1, x.Shape.Columns, 1), "_hstu._attention_layers.0", seed: 1);
        GoldenModels.Load(layer, golden, device);
        using var step = device.BeginStep();
        var tape = new Tape(device);
        var y = layer.Forward(new ForwardContext(tape, Training: true, Seed: 1, ForwardCount: 1), x, golden.Layout());
        GoldenModels.AssertNear(golden, "y", y.Value.ToArray());
        tape.Backward(y, device.Upload(golden.Singles("dy"), Shape.Matrix(y.Shape.Rows, y.Shape.Columns)));
        GoldenModels.AssertNear(golden, "dx", x.Gradient!.ToArray());
        GoldenModels.AssertGradients(layer, golden);
    }
}
