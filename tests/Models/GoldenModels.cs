using LargeRec.Cases;
using LargeRec.Engine;
using LargeRec.Engine.Cpu;
using LargeRec.Models.Backbones;

namespace LargeRec.Models.Tests;

/// <summary>Modules with the options and weights of a golden file.</summary>
internal static class GoldenModels
{
    private static readonly AttentionBias[] Biases = [AttentionBias.None, AttentionBias.Position, AttentionBias.Time, AttentionBias.Both];

    /// <summary>The SIMD widths that this machine has.</summary>
    public static IEnumerable<SimdWidth> Widths => Enum.GetValues<SimdWidth>().Where(SimdWidths.Supports);

    public static HstuOptions Options(GoldenFile golden, int itemRows, int width, int layers) => new()
    {
        ItemRows = itemRows,
        MaxLength = golden.Setting("normaliser") - 11,
        Layers = layers,
        Width = width,
        Heads = golden.Setting("heads"),
        Dqk = golden.Setting("dqk"),
        Dv = golden.Setting("dv"),
        Dropout = 0,
        Bias = Biases[golden.Setting("bias")],
        ConcatUa = golden.Setting("concat_ua") != 0,
    };

    /// <summary>Sets every parameter to the golden tensor of its name.</summary>
    public static void Load(Module module, GoldenFile golden, Device device)
    {
        foreach (var parameter in module.Parameters)
        {
            device.Upload(golden.Singles(parameter.Name), parameter.Value);
        }
    }

    /// <summary>Holds every parameter's gradient against "grad." and its name.</summary>
    public static void AssertGradients(Module module, GoldenFile golden)
    {
        foreach (var parameter in module.Parameters)
        {
            AssertNear(golden, $"grad.{parameter.Name}", parameter.Variable.Gradient!.ToArray());
        }
    }

    public static void AssertNear(GoldenFile golden, string name, float[] actual) =>
        Assert.That(golden.RelativeError(name, actual), Is.LessThanOrEqualTo(GoldenFile.Tolerance), name);
}
