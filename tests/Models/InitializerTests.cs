using LargeRec.Engine.Cpu;
using LargeRec.Models.Backbones;

namespace LargeRec.Models.Tests;

/// <summary>First values have the distributions of the published code: deviation and bound of each parameter.</summary>
public sealed class InitializerTests
{
    /// <summary>Standard deviation by name; a truncated normal of 0.02 has 0.880 times it, a uniform one its bound over √3.</summary>
    [TestCase("_embedding_module._item_emb.weight", 0.02 * 0.880, 0.04)]
    [TestCase("_input_features_preproc._pos_emb.weight", 0.0875, 0.6)]
    [TestCase("_hstu._attention_layers.0._uvqk", 0.02, 0.12)]
    [TestCase("_hstu._attention_layers.0._rel_attn_bias._pos_w", 0.02, 0.12)]
    [TestCase("_hstu._attention_layers.0._rel_attn_bias._ts_w", 0.02, 0.12)]
    [TestCase("_hstu._attention_layers.0._o.weight", 0.14142, 0.24495)]
    [TestCase("_hstu._attention_layers.0._o.bias", 0.08165, 0.14143)]
    public void Parameters_have_the_published_deviation(string name, double deviation, double bound)
    {
        using var device = new CpuDevice(1);
        var model = new Hstu(device, new HstuOptions { ItemRows = 1000 }, seed: 1);
        var values = model.Parameters.Single(p => p.Name == name).Value.ToArray();
        var actual = Math.Sqrt(values.Sum(v => (double)v * v) / values.Length);

        // The deviation of a sample's deviation is 1/√(2n) of it; four of them.
        Assert.That(actual, Is.EqualTo(deviation).Within(4 * deviation / Math.Sqrt(2.0 * values.Length)));
        Assert.That(values.Average(), Is.Zero.Within(4 * deviation / Math.Sqrt(values.Length)));

        // Of the truncated normal's four draws all may lie outside of its bound, four times in a million; then the first counts.
        Assert.That(values.Count(v => Math.Abs(v) > bound), Is.LessThanOrEqualTo(values.Length / 20_000));
    }
}
