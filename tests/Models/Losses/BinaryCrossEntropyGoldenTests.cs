using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Cases;
using LargeRec.Engine.Cpu;

namespace LargeRec.Models.Tests.Losses;

/// <summary>Normalisation and loss against an independent float64 script: tokens without a label, draws that are the label, a β below 1.</summary>
public sealed class BinaryCrossEntropyGoldenTests
{
    [Test]
    public void Loss_and_gradients_are_the_golden_ones([ValueSource(typeof(GoldenModels), nameof(GoldenModels.Widths))] SimdWidth width)
    {
        using var golden = GoldenFile.Open("loss-bce");
        using var device = new CpuDevice(2, width);
        var outputs = Variable.Leaf(golden.UploadPersistent(device, "outputs"));
        var table = Variable.Leaf(golden.UploadPersistent(device, "table"));
        var labels = golden.Integers("labels");
        using var step = device.BeginStep();
        var tape = new Tape(device);
        var loss = SampledBinaryCrossEntropy.Apply(
            tape,
            L2Normalize.Apply(tape, outputs, 1e-6f),
            L2Normalize.Apply(tape, table, 1e-6f),
            device.Upload(labels),
            device.Upload(golden.Integers("negatives")),
            golden.Singles("config.temperature")[0],
            golden.Singles("config.beta")[0],
            1f / labels.Count(l => l != 0));
        GoldenModels.AssertNear(golden, "loss", loss.Value.ToArray());
        tape.Backward(loss);
        GoldenModels.AssertNear(golden, "grad.outputs", outputs.Gradient!.ToArray());
        GoldenModels.AssertNear(golden, "grad.table", table.Gradient!.ToArray());
    }
}
