using LargeRec.Engine.Cpu;
using LargeRec.Engine.Weights;
using LargeRec.Models.Backbones;
using LargeRec.Models.Weights;

namespace LargeRec.Models.Tests.Weights;

public sealed class ModelWeightsTests
{
    private static readonly HstuOptions Options = new() { ItemRows = 9, MaxLength = 5, Layers = 2, Width = 6, Dqk = 3, Dv = 4 };

    private CpuDevice _device = null!;

    [SetUp]
    public void Start() => _device = new CpuDevice(1);

    [TearDown]
    public void Stop() => _device.Dispose();

    [Test]
    public void Weights_make_the_round_trip()
    {
        var source = new Hstu(_device, Options, seed: 1);
        var target = new Hstu(_device, Options, seed: 2);
        Assert.That(Values(target), Is.Not.EqualTo(Values(source)));
        ModelWeights.Load(target, File(ModelWeights.ToSafetensors(source)));
        Assert.That(Values(target), Is.EqualTo(Values(source)));
    }

    [Test]
    public void The_prefix_of_data_parallel_training_is_taken_off_and_the_mask_passed_over()
    {
        var source = new Hstu(_device, Options, seed: 1);
        var target = new Hstu(_device, Options, seed: 2);
        ModelWeights.Load(target, File([
            .. source.Parameters.Select(p => Tensor($"module.{p.Name}", p)), SafetensorsTensor.FromSingles("_attn_mask", [2], new float[2])]));
        Assert.That(Values(target), Is.EqualTo(Values(source)));
    }

    [Test]
    public void A_missing_tensor_is_named_and_nothing_is_changed() =>
        ExpectRefusal(tensors => tensors[..^1], "_hstu._attention_layers.1._rel_attn_bias._pos_w' [31] is missing");

    [Test]
    public void An_unknown_tensor_is_named_and_nothing_is_changed() =>
        ExpectRefusal(
            tensors => [.. tensors, SafetensorsTensor.FromSingles("_hstu._attention_layers.2._uvqk", [1], new float[1])],
            "no tensor '_hstu._attention_layers.2._uvqk'");

    [Test]
    public void A_tensor_of_another_shape_is_named_with_both_and_nothing_is_changed() =>
        ExpectRefusal(
            tensors => [.. tensors[1..], SafetensorsTensor.FromSingles("_embedding_module._item_emb.weight", [8, 6], new float[48])],
            "'_embedding_module._item_emb.weight' is [8, 6], the model has [9, 6]");

    [Test]
    public void A_tensor_with_and_without_the_prefix_is_refused() =>
        ExpectRefusal(
            tensors => [.. tensors, SafetensorsTensor.FromSingles("module._embedding_module._item_emb.weight", [9, 6], new float[54])],
            "stands there twice");

    private static float[] Values(Module module) => [.. module.Parameters.SelectMany(p => p.Value.ToArray())];

    private static SafetensorsTensor Tensor(string name, Parameter parameter) =>
        SafetensorsTensor.FromSingles(name, [.. parameter.Shape.ToDimensions().Select(d => (long)d)], parameter.Value.ToArray());

    private static SafetensorsFile File(IReadOnlyList<SafetensorsTensor> tensors)
    {
        var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors);
        stream.Position = 0;
        return SafetensorsFile.Open(stream, "weights.safetensors");
    }

    private void ExpectRefusal(Func<SafetensorsTensor[], SafetensorsTensor[]> change, string message)
    {
        var source = new Hstu(_device, Options, seed: 1);
        var target = new Hstu(_device, Options, seed: 2);
        var before = Values(target);
        using var file = File(change([.. ModelWeights.ToSafetensors(source)]));
        Assert.That(
            () => ModelWeights.Load(target, file),
            Throws.TypeOf<WeightsFormatException>().With.Message.Contains(message).And.Message.Contains("weights.safetensors"));
        Assert.That(Values(target), Is.EqualTo(before));
    }
}
