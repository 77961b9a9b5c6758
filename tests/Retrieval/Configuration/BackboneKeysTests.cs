using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Tests.Configuration;

public sealed class BackboneKeysTests
{
    private const string OfHstu =
        """{"model":{"backbone":"hstu","layers":4,"width":64,"heads":4,"dqk":16,"dv":8,"dropout":0.5,"bias":"both","concat_ua":true}}""";

    [Test]
    public void A_backbone_set_later_replaces_the_files_block_and_leaves_its_size()
    {
        var model = Read(OfHstu, "model.backbone=llama");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((model.Layers, model.Width, model.Heads, model.Dropout), Is.EqualTo((4, 64, 4, 0.5)));
            Assert.That((model.Dqk, model.Dv, model.Bias, model.ConcatUa), Is.EqualTo((16, 16, BiasSetting.Rope, false)));
        }
    }

    [TestCase("sasrec", BiasSetting.None)]
    [TestCase("sasrec-bias", BiasSetting.Both)]
    [TestCase("gpt", BiasSetting.None)]
    [TestCase("fuxi-alpha", BiasSetting.Both)]
    [TestCase("fuxi-beta", BiasSetting.Both)]
    [TestCase("hstu-production", BiasSetting.None)]
    public void A_backbone_brings_its_bias(string backbone, BiasSetting expected) =>
        Assert.That(Read("{}", $"model.backbone={backbone}").Bias, Is.EqualTo(expected));

    [TestCase("model.backbone=llama", "model.bias=both")]
    [TestCase("model.backbone=sasrec", "model.gate=false")]
    [TestCase("model.backbone=gpt", "model.dqk=7")]
    [TestCase("model.backbone=gpt", "model.residual=post-norm")]
    [TestCase("model.backbone=sasrec", "model.kv_heads=1")]
    [TestCase("model.feed_forward_width=7", "model.layers=1")]
    public void A_key_that_contradicts_the_backbone_is_an_error(string first, string second) => Assert.That(
        () => Read("{}", first, second),
        Throws.TypeOf<ConfigurationException>().With.Message.StartsWith("--set: model.").And.Message.Contains(", but model.backbone "));

    [Test]
    public void Keys_that_a_backbone_leaves_open_are_taken()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Read("{}", "model.bias=rope", "model.weighting=softmax", "model.gate=false").Gate, Is.False);
            Assert.That(Read("{}", "model.weighting=softmax-leaky").Weighting, Is.EqualTo(WeightingSetting.LeakySoftmax));
            Assert.That(Read("{}", "model.backbone=sasrec", "model.bias=both", "model.residual=pre-norm").Residual, Is.EqualTo(ResidualSetting.PreNorm));
            Assert.That(Read("{}", "model.backbone=llama", "model.heads=2", "model.width=64", "model.kv_heads=1").KvHeads, Is.EqualTo(1));
        }
    }

    [TestCase("llama")]
    [TestCase("fuxi-alpha")]
    [TestCase("fuxi-beta")]
    [TestCase("sasrec-bias")]
    public void What_is_written_is_read_as_the_same(string backbone)
    {
        var resolved = ConfigurationReader.Read(OfHstu, "x", [$"model.backbone={backbone}"]);
        Assert.That(ConfigurationReader.Read(ConfigurationWriter.ToJson(resolved), "y").Model, Is.EqualTo(resolved.Model));
    }

    private static ModelConfiguration Read(string json, params string[] overrides) => ConfigurationReader.Read(json, "configs/x.json", overrides).Model;
}
