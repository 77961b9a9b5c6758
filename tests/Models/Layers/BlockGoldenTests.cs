using LargeRec.Autograd;
using LargeRec.Cases;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;
using LargeRec.Models.Backbones;
using LargeRec.Models.Layers;

namespace LargeRec.Models.Tests.Layers;

/// <summary>A block of each backbone, its output and every gradient, against an independent float64 script: sequences of 7, 0, 70 and 1 events.</summary>
public sealed class BlockGoldenTests
{
    [Test]
    public void Output_and_gradients_are_the_golden_ones(
        [Values("sasrec", "sasrec-bias", "sasrec-original", "llama",
            "gpt", "gpt-post", "ligr", "fuxi-alpha", "fuxi-beta", "hstu-production", "hstu-leaky")] string name,
        [ValueSource(typeof(GoldenModels), nameof(GoldenModels.Widths))] SimdWidth width)
    {
        using var golden = GoldenFile.Open($"block-{name}");
        using var device = new CpuDevice(2, width);
        var x = Variable.Leaf(golden.UploadPersistent(device, "x"));
        var size = new BackboneSize(1) { MaxLength = 70, Layers = 1, Width = 12, Heads = 2, Dropout = 0 };
        var plan = name switch
        {
            "sasrec" => NamedBackbones.Sasrec(size),
            "sasrec-bias" => NamedBackbones.Sasrec(size with { Bias = AttentionBias.Both, Residual = ResidualPattern.PreNorm }),
            "sasrec-original" => NamedBackbones.SasrecOriginal(size),
            "ligr" => NamedBackbones.Ligr(size),
            "fuxi-beta" => NamedBackbones.FuXiBeta(size),
            "llama" => NamedBackbones.Llama(size),
            "gpt" => NamedBackbones.Gpt(size),
            "gpt-post" => NamedBackbones.GptPost(size),
            "hstu-leaky" => NamedBackbones.Hstu(size with { Bias = AttentionBias.Both, Weighting = AttentionWeighting.LeakySoftmax }),
            "fuxi-alpha" => NamedBackbones.FuXiAlpha(size),
            _ => NamedBackbones.HstuProduction(size),
        };
        var block = new Block(device, plan.Blocks[0], seed: 1);
        GoldenModels.Load(block, golden, device);
        using var step = device.BeginStep();
        var tape = new Tape(device);
        var y = block.Forward(new ForwardContext(tape, Training: true, Seed: 1, ForwardCount: 1), x, golden.Layout());
        GoldenModels.AssertNear(golden, "y", y.Value.ToArray());
        tape.Backward(y, device.Upload(golden.Singles("dy"), Shape.Matrix(y.Shape.Rows, y.Shape.Columns)));
        GoldenModels.AssertNear(golden, "dx", x.Gradient!.ToArray());
        GoldenModels.AssertGradients(block, golden);
    }
}
