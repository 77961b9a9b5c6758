using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>Which variant a device takes: the one forced, else the one picked, else its default.</summary>
public sealed class VariantSelectionTests
{
    private static readonly KernelShape Narrow = new(1000, 2, 50, 50, 211);
    private static readonly KernelShape Wide = new(1000, 2, 128, 128, 211);

    [Test]
    public void A_default_takes_what_it_can_and_leaves_the_rest_to_the_plain_one() => Assert.Multiple(() =>
    {
        Assert.That(Choose(new KernelSelection(), KernelTarget.Sm80, Narrow), Is.EqualTo("tiled"));
        Assert.That(Choose(new KernelSelection(), KernelTarget.Sm80, Wide), Is.EqualTo("plain"));
        Assert.That(Choose(new KernelSelection(), KernelTarget.OpenCl, Narrow), Is.EqualTo("plain"));
    });

    [Test]
    public void What_was_picked_counts_for_shapes_of_its_class_on_its_device_alone()
    {
        var picks = new KernelPicks();
        picks.Add(new KernelPick("one", "hstu-attention", [1024, 2, 50, 50, 211], "tiled", new Dictionary<string, double>()));
        var selection = new KernelSelection([], picks);
        Assert.Multiple(() =>
        {
            Assert.That(Choose(selection, KernelTarget.OpenCl, Narrow.Class), Is.EqualTo("tiled"));
            Assert.That(Choose(selection, KernelTarget.OpenCl, new KernelShape(2000, 2, 50, 50, 211)), Is.EqualTo("plain"));
            Assert.That(Choose(selection, KernelTarget.OpenCl, Narrow, "other"), Is.EqualTo("plain"));
            Assert.That(Choose(new KernelSelection(["hstu-attention=plain"], picks), KernelTarget.OpenCl, Narrow), Is.EqualTo("plain"), "forced");
        });
    }

    [Test]
    public void One_that_is_forced_on_a_shape_that_it_does_not_take_is_an_error() => Assert.That(
        () => Choose(new KernelSelection(["hstu-attention=tiled"]), KernelTarget.Sm80, Wide),
        Throws.TypeOf<NotSupportedException>()
            .With.Message.StartsWith("hstu-attention=tiled takes heads of up to 64 columns, not tokens 1000, heads 2, dqk 128"));

    private static string Choose(KernelSelection selection, KernelTarget target, KernelShape shape, string device = "one") =>
        selection.Choose(device, target, KernelFamilies.HstuAttention, shape).Name;
}
