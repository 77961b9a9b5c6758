using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Cases;
using LargeRec.Engine.Cpu;
using LargeRec.Models;
using LargeRec.Models.Backbones;
using LargeRec.Training.Optimizers;

namespace LargeRec.Training.Tests.Optimizers;

/// <summary>Two steps of the whole model against an independent float64 script, with and without weight decay.</summary>
public sealed class AdamWGoldenTests
{
    public static IEnumerable<SimdWidth> Widths => Enum.GetValues<SimdWidth>().Where(SimdWidths.Supports);

    [Test]
    public void Parameters_and_losses_after_one_and_two_steps_are_the_golden_ones([ValueSource(nameof(Widths))] SimdWidth width)
    {
        using var golden = GoldenFile.Open("model-step");
        using var device = new CpuDevice(2, width);
        var model = CreateModel(golden, device);
        var optimizer = new AdamW(model.Parameters, new AdamWOptions());
        Assert.That(golden.RelativeError("loss", [Learn(model, optimizer, golden, device)]), Is.LessThanOrEqualTo(GoldenFile.Tolerance));
        AssertParameters(model, golden, "step1.");
        Assert.That(golden.RelativeError("step1.loss", [Learn(model, optimizer, golden, device)]), Is.LessThanOrEqualTo(GoldenFile.Tolerance));
        AssertParameters(model, golden, "step2.");
        Assert.That(golden.RelativeError("step2.loss", [Learn(model, optimizer, golden, device)]), Is.LessThanOrEqualTo(GoldenFile.Tolerance));
    }

    [Test]
    public void Parameters_after_two_steps_with_decay_are_the_golden_ones([ValueSource(nameof(Widths))] SimdWidth width)
    {
        using var golden = GoldenFile.Open("model-step");
        using var device = new CpuDevice(2, width);
        var model = CreateModel(golden, device);
        var optimizer = new AdamW(model.Parameters, new AdamWOptions { WeightDecay = golden.Singles("config.weight_decay")[0] });
        Learn(model, optimizer, golden, device);
        Learn(model, optimizer, golden, device);
        AssertParameters(model, golden, "decay.step2.");
    }

    private static Hstu CreateModel(GoldenFile golden, CpuDevice device)
    {
        var model = new Hstu(device, new HstuOptions { ItemRows = 40, Dropout = 0 }, seed: 1);
        foreach (var parameter in model.Parameters)
        {
            device.Upload(golden.Singles(parameter.Name), parameter.Value);
        }

        return model;
    }

    private static float Learn(Hstu model, AdamW optimizer, GoldenFile golden, CpuDevice device)
    {
        using var step = device.BeginStep();
        var tape = new Tape(device);
        var context = new ForwardContext(tape, Training: true, Seed: 1, ForwardCount: 1);
        var labels = golden.Integers("labels");
        var loss = SampledSoftmax.Apply(
            tape,
            model.Encode(context, new SequenceBatch(golden.Layout(), device.Upload(golden.Integers("ids")))),
            model.Items(context),
            device.Upload(labels),
            device.Upload(golden.Integers("negatives")),
            golden.Singles("config.temperature")[0],
            1f / labels.Length);
        tape.Backward(loss);
        optimizer.Update();
        return loss.Value.ToScalar();
    }

    private static void AssertParameters(Hstu model, GoldenFile golden, string prefix)
    {
        foreach (var parameter in model.Parameters)
        {
            var error = golden.RelativeError(prefix + parameter.Name, parameter.Value.ToArray());
            Assert.That(error, Is.LessThanOrEqualTo(GoldenFile.Tolerance), prefix + parameter.Name);
        }
    }
}
