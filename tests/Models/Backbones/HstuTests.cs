using LargeRec.Autograd;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Tensors;
using LargeRec.Models.Backbones;

namespace LargeRec.Models.Tests.Backbones;

/// <summary>Names and counts of the published settings, and what a batch may and may not change.</summary>
public sealed class HstuTests
{
    private CpuDevice _device = null!;

    [SetUp]
    public void Start() => _device = new CpuDevice(1);

    [TearDown]
    public void Stop() => _device.Dispose();

    [TestCase(2, 1, 50, 234_400)]
    [TestCase(8, 2, 25, 313_000)]
    public void ML_1M_has_the_published_number_of_parameters(int layers, int heads, int headWidth, long count)
    {
        var model = new Hstu(_device, new HstuOptions { ItemRows = 3953, Layers = layers, Heads = heads, Dqk = headWidth, Dv = headWidth }, seed: 1);
        Assert.That(model.ParameterCount, Is.EqualTo(count));
    }

    [TestCase(4, 4, 64, 34_971_288)]
    [TestCase(16, 8, 32, 38_913_120)]
    public void ML_20M_has_the_published_number_of_parameters(int layers, int heads, int headWidth, long count)
    {
        // One row of items is made, the others are counted.
        const int Width = 256;
        var options = new HstuOptions { ItemRows = 1, Layers = layers, Width = Width, Heads = heads, Dqk = headWidth, Dv = headWidth };
        var model = new Hstu(_device, options, seed: 1);
        Assert.That(model.ParameterCount + (131_262L * Width), Is.EqualTo(count));
    }

    [Test]
    public void Parameters_bear_the_public_names_and_shapes()
    {
        var model = new Hstu(_device, Small() with { Layers = 1, ConcatUa = true, Heads = 2, Dqk = 3, Dv = 5 }, seed: 1);
        Assert.That(model.Parameters.Select(p => p.ToString()), Is.EqualTo(new[]
        {
            "_embedding_module._item_emb.weight [30, 8]",
            "_input_features_preproc._pos_emb.weight [31, 8]",
            "_hstu._attention_layers.0._uvqk [8, 32]",
            "_hstu._attention_layers.0._o.weight [8, 30]",
            "_hstu._attention_layers.0._o.bias [8]",
            "_hstu._attention_layers.0._rel_attn_bias._ts_w [129]",
            "_hstu._attention_layers.0._rel_attn_bias._pos_w [61]",
        }));
    }

    [TestCase(AttentionBias.None, new string[0])]
    [TestCase(AttentionBias.Position, new[] { "_pos_w" })]
    [TestCase(AttentionBias.Time, new[] { "_ts_w" })]
    public void A_bias_that_is_off_has_no_parameter(AttentionBias bias, string[] expected)
    {
        var model = new Hstu(_device, Small() with { Layers = 1, Bias = bias }, seed: 1);
        Assert.That(model.Parameters.Select(p => p.Name).Where(n => n.Contains("_rel_attn_bias")).Select(n => n.Split('.')[^1]), Is.EqualTo(expected));
    }

    [Test]
    public void Later_events_change_nothing_before_them()
    {
        var model = new Hstu(_device, Small(), seed: 1);
        var before = Encode(model, [0, 6], [1, 2, 3, 4, 5, 6]);
        var after = Encode(model, [0, 6], [1, 2, 3, 4, 9, 9]);
        Assert.That(after[..(4 * 8)], Is.EqualTo(before[..(4 * 8)]));
        Assert.That(after[(4 * 8)..], Is.Not.EqualTo(before[(4 * 8)..]));
    }

    [Test]
    public void A_sequence_does_not_depend_on_the_others_of_its_batch()
    {
        var model = new Hstu(_device, Small(), seed: 1);
        var alone = Encode(model, [0, 3], [4, 5, 6]);
        var together = Encode(model, [0, 2, 2, 5, 9], [1, 2, 4, 5, 6, 7, 8, 9, 1]);
        Assert.That(together[(2 * 8)..(5 * 8)], Is.EqualTo(alone).Within(1e-6));
    }

    [Test]
    public void Queries_and_items_have_length_one()
    {
        var model = new Hstu(_device, Small(), seed: 1);
        using var step = _device.BeginStep();
        var items = model.Items(ForwardContext.Inference(_device)).Value.ToArray();
        for (var item = 0; item < 30; item++)
        {
            Assert.That(items.AsSpan(item * 8, 8).ToArray().Sum(v => v * v), Is.EqualTo(1).Within(1e-5));
        }
    }

    [Test]
    public void Dropout_is_drawn_anew_each_forward_and_not_at_all_without_training()
    {
        var model = new Hstu(_device, Small() with { Dropout = 0.5f }, seed: 1);
        var first = Encode(model, [0, 3], [4, 5, 6], training: true, forwardCount: 1);
        Assert.That(Encode(model, [0, 3], [4, 5, 6], training: true, forwardCount: 1), Is.EqualTo(first));
        Assert.That(Encode(model, [0, 3], [4, 5, 6], training: true, forwardCount: 2), Is.Not.EqualTo(first));
        var still = Encode(model, [0, 3], [4, 5, 6], training: false, forwardCount: 1);
        Assert.That(Encode(model, [0, 3], [4, 5, 6], training: false, forwardCount: 2), Is.EqualTo(still));
    }

    [Test]
    public void The_seed_decides_the_first_values()
    {
        float[] Table(ulong seed) => new Hstu(_device, Small(), seed).Parameters[0].Value.ToArray();
        var first = Table(1);
        Assert.That(Table(1), Is.EqualTo(first));
        Assert.That(Table(2), Is.Not.EqualTo(first));
    }

    [Test]
    public void A_sequence_that_is_too_long_throws_and_says_what_to_do()
    {
        var model = new Hstu(_device, Small(), seed: 1);
        Assert.That(
            () => Encode(model, [0, 21], new int[21]),
            Throws.ArgumentException.With.Message.Contains("21 events").And.Message.Contains("takes 20").And.Message.Contains("keep the latest"));
    }

    [Test]
    public void Impossible_options_throw_and_name_the_value()
    {
        Assert.That(() => new Hstu(_device, Small() with { Heads = 0 }, 1), Throws.ArgumentException.With.Message.Contains("heads is 0"));
        Assert.That(() => new Hstu(_device, Small() with { Dropout = 1 }, 1), Throws.ArgumentException.With.Message.Contains("dropout is 1"));
        Assert.That(() => new Hstu(_device, Small() with { Dropout = float.NaN }, 1), Throws.ArgumentException.With.Message.Contains("dropout is NaN"));
    }

    private static HstuOptions Small() => new() { ItemRows = 30, MaxLength = 20, Layers = 2, Width = 8, Dqk = 4, Dv = 6, Dropout = 0 };

    private float[] Encode(Hstu model, int[] offsets, int[] items, bool training = false, uint forwardCount = 0)
    {
        using var step = _device.BeginStep();
        var seconds = new int[items.Length];
        var layout = new JaggedLayout(offsets, seconds, seconds);
        var context = new ForwardContext(new Tape(_device), training, Seed: 3, forwardCount);
        return model.Encode(context, new SequenceBatch(layout, _device.Upload(items))).Value.ToArray();
    }
}
