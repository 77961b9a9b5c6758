using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Cases;
using LargeRec.Engine.Cpu;
using LargeRec.Models.Losses;

namespace LargeRec.Models.Tests.Losses;

/// <summary>Normalisation and loss against an independent float64 script: tokens without a label, rows that are no candidates.</summary>
public sealed class FullSoftmaxGoldenTests
{
    [Test]
    public void Loss_and_gradients_are_the_golden_ones([ValueSource(typeof(GoldenModels), nameof(GoldenModels.Widths))] SimdWidth width)
    {
        using var golden = GoldenFile.Open("loss");
        using var device = new CpuDevice(2, width);
        var outputs = Variable.Leaf(golden.UploadPersistent(device, "outputs"));
        var table = Variable.Leaf(golden.UploadPersistent(device, "table"));
        var labels = golden.Integers("labels");
        var candidates = golden.Integers("candidates");
        Assert.That(candidates, Has.Length.LessThan(table.Shape.Rows - 1), "or no row is left out");
        var module = new FullSoftmaxLoss(device, candidates, table.Shape.Rows, golden.Singles("config.temperature")[0]);
        using var step = device.BeginStep();
        var context = new ForwardContext(new Tape(device), Training: true, 1, 1);
        var loss = module.Forward(
            context, L2Normalize.Apply(context.Tape, outputs, 1e-6f), L2Normalize.Apply(context.Tape, table, 1e-6f), device.Upload(labels),
            1f / labels.Count(l => l != 0));
        GoldenModels.AssertNear(golden, "full.loss", loss.Value.ToArray());
        context.Tape.Backward(loss);
        GoldenModels.AssertNear(golden, "full.grad.outputs", outputs.Gradient!.ToArray());
        GoldenModels.AssertNear(golden, "full.grad.table", table.Gradient!.ToArray());
    }
}
