using LargeRec.Autograd;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;
using LargeRec.Models.Backbones;
using LargeRec.Models.Layers;
using LargeRec.Models.Losses;

namespace LargeRec.Models.Tests.Backbones;

/// <summary>The named backbones: counts, names, causality, gradients, jaggedness, caches.</summary>
public sealed class NamedBackboneTests
{
    private const int Items = 30;

    private readonly CpuDevice _device = new(2);

    public static IEnumerable<TestCaseData> Plans()
    {
        var size = new BackboneSize(Items) { MaxLength = 20, Width = 8, Heads = 2, Dropout = 0 };
        (string Name, ModelPlan Plan)[] all =
        [
            ("hstu", NamedBackbones.Hstu(size with { Bias = AttentionBias.Both })),
            ("hstu by softmax", NamedBackbones.Hstu(size with { Bias = AttentionBias.Both, Weighting = AttentionWeighting.Softmax })),
            ("hstu with rotary positions", NamedBackbones.Hstu(size with { IsRotary = true })),
            ("hstu without a gate", NamedBackbones.Hstu(size with { Bias = AttentionBias.Position, Gate = GateKind.None })),
            ("hstu-production", NamedBackbones.HstuProduction(size with { Dqk = 3, Dv = 5 })),
            ("llama", NamedBackbones.Llama(size)),
            ("llama with shared keys", NamedBackbones.Llama(size with { KeyHeads = 1 })),
            ("gpt", NamedBackbones.Gpt(size)),
            ("gpt-post", NamedBackbones.GptPost(size)),
            ("sasrec", NamedBackbones.Sasrec(size)),
            ("sasrec-bias", NamedBackbones.Sasrec(size with { Bias = AttentionBias.Both, Residual = ResidualPattern.PreNorm })),
            ("sasrec-original", NamedBackbones.SasrecOriginal(size)),
            ("fuxi-alpha", NamedBackbones.FuXiAlpha(size with { Dqk = 3, Dv = 5, FeedForwardWidth = 7 })),
            ("fuxi-beta", NamedBackbones.FuXiBeta(size with { Dv = 5 })),
            ("ligr", NamedBackbones.Ligr(size)),
            ("hstu with affine root-mean-square norms", NamedBackbones.WithNorms(
                NamedBackbones.Hstu(size with { Bias = AttentionBias.Both }), new(NormKind.Rms, IsAffine: true))),
            ("gpt with plain root-mean-square norms", NamedBackbones.WithNorms(NamedBackbones.Gpt(size), new(NormKind.Rms, IsAffine: false))),
            ("sasrec with affine layer norms", NamedBackbones.WithNorms(NamedBackbones.Sasrec(size), new(NormKind.Layer, IsAffine: true))),
        ];
        return all.Select(p => new TestCaseData(p.Plan).SetArgDisplayNames(p.Name));
    }

    [OneTimeTearDown]
    public void Release() => _device.Dispose();

    [Test]
    public void Parameter_counts_are_the_published_ones()
    {
        var ml1m = new BackboneSize(3953) { Dqk = 50, Dv = 50 };
        var large = ml1m with { Layers = 8, Heads = 2, Dqk = 25, Dv = 25 };
        var ml20m = new BackboneSize(1) { Layers = 1, Width = 256, Heads = 4, Dqk = 64, Dv = 64, FeedForwardWidth = 1024 };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Count(NamedBackbones.Sasrec(ml1m)), Is.EqualTo(238_800));
            Assert.That(Count(NamedBackbones.FuXiAlpha(ml1m)), Is.EqualTo(269_400));
            Assert.That(Count(NamedBackbones.FuXiAlpha(large)), Is.EqualTo(453_000));
            Assert.That(LayerCount(NamedBackbones.Sasrec(ml1m with { Layers = 1 })), Is.EqualTo(15_300));
            Assert.That(LayerCount(NamedBackbones.FuXiAlpha(ml1m with { Layers = 1 })), Is.EqualTo(30_600));
            Assert.That(LayerCount(NamedBackbones.FuXiAlpha(ml20m)), Is.EqualTo(1_377_062));
            Assert.That(Count(NamedBackbones.Hstu(ml1m with { Bias = AttentionBias.Both })), Is.EqualTo(234_400));
        }
    }

    [Test]
    public void The_block_set_to_HSTU_is_HSTU_bit_for_bit()
    {
        var options = new HstuOptions { ItemRows = Items, MaxLength = 20, Width = 8, Heads = 2, Dqk = 3, Dv = 5, Dropout = 0.3f };
        var size = new BackboneSize(Items) { MaxLength = 20, Width = 8, Heads = 2, Dqk = 3, Dv = 5, Dropout = 0.3f, Bias = AttentionBias.Both };
        var (hstu, block) = (new Hstu(_device, options, seed: 7), new BlockModel(_device, NamedBackbones.Hstu(size), seed: 7));
        var names = hstu.Parameters.Select(p => p.Name).Order().ToArray();
        Assert.That(block.Parameters.Select(p => p.Name).Order(), Is.EqualTo(names));
        var (ofHstu, ofBlock) = (Step(hstu), Step(block));
        Assert.That(ofBlock.Loss, Is.EqualTo(ofHstu.Loss));
        foreach (var name in names)
        {
            Assert.That(ofBlock.Gradients[name], Is.EqualTo(ofHstu.Gradients[name]), name);
        }
    }

    [TestCaseSource(nameof(Plans))]
    public void No_row_depends_on_what_follows_or_on_other_sequences(ModelPlan plan)
    {
        var model = new BlockModel(_device, plan, seed: 1);
        var together = Encode(model, [0, 3, 3, 9], [4, 5, 6, 7, 8, 9, 10, 11, 12]);
        var alone = plan.PositionsFromLatest ? Encode(model, [0, 6], [7, 8, 9, 10, 20, 21]) : Encode(model, [0, 4], [7, 8, 9, 10]);
        var changed = Encode(model, [0, 3, 3, 9], [4, 5, 6, 7, 8, 9, 10, 25, 26]);
        for (var i = 0; i < 4 * plan.Width; i++)
        {
            Assert.That(alone[i], Is.EqualTo(together[(3 * plan.Width) + i]).Within(1e-6));
            Assert.That(changed[(3 * plan.Width) + i], Is.EqualTo(together[(3 * plan.Width) + i]));
        }

        Assert.That(changed[^1], Is.Not.EqualTo(together[^1]));
    }

    [Test]
    public void Positions_count_from_the_latest_event_in_the_first_SASRec()
    {
        var plan = NamedBackbones.SasrecOriginal(new BackboneSize(Items) { MaxLength = 20, Layers = 1, Width = 8, Dropout = 0 });
        var model = new BlockModel(_device, plan, seed: 1);
        var before = Encode(model, [0, 3], [4, 5, 6]);
        var table = model.Parameters.Single(p => p.Name.EndsWith("_pos_emb.weight", StringComparison.Ordinal)).Value;
        _device.Pointwise.Fill(table.SliceRows(0, table.Rows - 3), 0);
        Assert.That(Encode(model, [0, 3], [4, 5, 6]), Is.EqualTo(before));
        _device.Pointwise.Fill(table.SliceRows(table.Rows - 1, 1), 1);
        var after = Encode(model, [0, 3], [4, 5, 6]);
        Assert.That(after[..(2 * plan.Width)], Is.EqualTo(before[..(2 * plan.Width)]));
        Assert.That(after[^1], Is.Not.EqualTo(before[^1]));
    }

    [Test]
    public void Other_norms_keep_the_names_of_weights_that_are_there()
    {
        var size = new BackboneSize(Items) { MaxLength = 20, Layers = 1, Width = 8 };
        var (own, plain, affine) = (NamedBackbones.Gpt(size), new BlockNorm(NormKind.Layer, IsAffine: false), new BlockNorm(NormKind.Rms, IsAffine: true));
        Assert.That(Names(NamedBackbones.WithNorms(own, new(NormKind.Layer, IsAffine: true))), Is.EqualTo(Names(own)));
        Assert.That(Names(NamedBackbones.WithNorms(own, plain)), Is.EqualTo(Names(own).Where(n => !n.Contains(".ln_", StringComparison.Ordinal))));
        Assert.That(
            Names(NamedBackbones.WithNorms(NamedBackbones.Sasrec(size), affine)).Except(Names(NamedBackbones.Sasrec(size))),
            Is.EqualTo(new[] { "attention_layers.0.norm_1.weight", "attention_layers.0.norm_2.weight" }));
    }

    [TestCaseSource(nameof(Plans))]
    public void Every_parameter_learns(ModelPlan plan)
    {
        var model = new BlockModel(_device, plan, seed: 1);
        var (loss, gradients) = Step(model);
        Assert.That(float.IsFinite(loss));
        foreach (var (name, gradient) in gradients)
        {
            Assert.That(gradient.All(float.IsFinite), name);
            Assert.That(gradient.Any(g => g != 0), name);
        }
    }

    [TestCaseSource(nameof(Plans))]
    public void A_cache_gives_what_encoding_the_window_gives(ModelPlan plan)
    {
        var model = new BlockModel(_device, plan, seed: 1);
        using var cache = model.NewCache(_device);
        for (var t = 0; t < 5; t++)
        {
            cache.Append(4 + t, 10 * t);
            using var step = _device.BeginStep();
            _ = cache.Query((10 * t) + 3);
        }

        float[] query;
        using (_device.BeginStep())
        {
            query = cache.Query(50).ToArray();
        }

        Assert.That(query, Is.EqualTo(Encode(model, [0, 5], [4, 5, 6, 7, 8])[^plan.Width..]).Within(1e-6));
    }

    private static IEnumerable<string> Names(ModelPlan plan)
    {
        using var device = new CpuDevice(1);
        return [.. new BlockModel(device, plan, seed: 1).Parameters.Select(p => p.Name).Order()];
    }

    private static long LayerCount(ModelPlan plan)
    {
        using var device = new CpuDevice(1);
        var model = new BlockModel(device, plan, seed: 1);
        return model.ParameterCount - model.EmbeddingParameterCount;
    }

    private static long Count(ModelPlan plan)
    {
        using var device = new CpuDevice(1);
        return new BlockModel(device, plan, seed: 1).ParameterCount;
    }

    private (float Loss, Dictionary<string, float[]> Gradients) Step(SequenceModel model)
    {
        using var step = _device.BeginStep();
        var context = new ForwardContext(new Tape(_device), Training: true, Seed: 3, ForwardCount: 1);
        var loss = new SampledSoftmaxLoss(_device.UploadPersistent([.. Enumerable.Range(1, Items - 1)]), 8, 0.05f);
        var layout = Layout([0, 3, 3, 9]);
        var batch = new SequenceBatch(layout, _device.Upload([4, 5, 6, 7, 8, 9, 10, 11, 12]));
        var labels = _device.Upload([5, 6, 7, 8, 9, 10, 11, 12, 13]);
        var value = loss.Forward(context, model.Encode(context, batch), model.Items(context), labels, 1f / 9);
        context.Tape.Backward(value);
        var gradients = model.Parameters.ToDictionary(p => p.Name, p => p.Variable.Gradient!.ToArray());
        foreach (var parameter in model.Parameters)
        {
            parameter.Variable.ClearGradient();
        }

        return (value.Value.ToScalar(), gradients);
    }

    private float[] Encode(SequenceModel model, int[] offsets, int[] items)
    {
        using var step = _device.BeginStep();
        return model.Encode(ForwardContext.Inference(_device), new SequenceBatch(Layout(offsets), _device.Upload(items))).Value.ToArray();
    }

    /// <summary>An event every 10 seconds.</summary>
    private static JaggedLayout Layout(int[] offsets)
    {
        var (events, next) = (new int[offsets[^1]], new int[offsets[^1]]);
        for (var b = 0; b + 1 < offsets.Length; b++)
        {
            for (var t = offsets[b]; t < offsets[b + 1]; t++)
            {
                (events[t], next[t]) = (10 * (t - offsets[b]), 10 * (t - offsets[b] + 1));
            }
        }

        return new JaggedLayout(offsets, events, next);
    }
}
