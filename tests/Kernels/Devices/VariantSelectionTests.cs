using System.Globalization;
using System.Text.RegularExpressions;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Kernels.Tests.Images;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>Which variant a device takes: the one forced, else the one picked, else its default.</summary>
public sealed partial class VariantSelectionTests
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

    /// <summary>OpenCL asks of a device no more than 32 KiB of local memory.</summary>
    [Test]
    public void A_device_with_too_little_shared_memory_is_never_given_a_variant_that_needs_more_and_an_error_where_it_is_forced()
    {
        const long SharedBytes = 32 << 10;
        var picks = new KernelPicks();
        picks.Add(new KernelPick("one", "hstu-attention", [1024, 2, 50, 50, 211], "tiled", new Dictionary<string, double>()));
        Assert.Multiple(() =>
        {
            Assert.That(Choose(new KernelSelection([], picks), KernelTarget.OpenCl, Narrow, sharedBytes: SharedBytes), Is.EqualTo("plain"), "picked");
            Assert.That(Choose(new KernelSelection(), KernelTarget.Sm80, Narrow, sharedBytes: SharedBytes), Is.EqualTo("plain"), "by default");
            Assert.That(
                () => Choose(new KernelSelection(["hstu-attention=tiled"]), KernelTarget.OpenCl, Narrow, sharedBytes: SharedBytes),
                Throws.TypeOf<NotSupportedException>().With.Message.EqualTo(
                    "hstu-attention=tiled needs 47,112 bytes of shared memory a group, of which one has 32,768; force another variant or none"));
        });
    }

    [Test]
    public void A_pick_of_a_shape_that_its_variant_does_not_take_does_not_count()
    {
        var picks = new KernelPicks();
        picks.Add(new KernelPick("one", "hstu-attention", [1024, 2, 128, 128, 211], "tiled", new Dictionary<string, double>()));
        Assert.That(Choose(new KernelSelection([], picks), KernelTarget.Sm80, Wide), Is.EqualTo("plain"));
    }

    [Test]
    public void A_variant_says_what_its_kernels_declare_of_shared_memory()
    {
        foreach (var family in KernelFamilies.All)
        {
            foreach (var variant in family.Variants.Skip(1))
            {
                var most = family.KernelsOf(variant)
                    .Select(k => File.ReadAllText(Path.Combine(AcceptedImages.Folder, $"{k.Name}.sm80.ptx")))
                    .Max(text => SharedArray().Matches(text).Sum(m => int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));
                Assert.That(most, Is.EqualTo(variant.SharedBytes), $"{family}={variant}");
            }
        }
    }

    [GeneratedRegex(@"\.shared [^;]*?\.b8 \w+\[(\d+)\]")]
    private static partial Regex SharedArray();

    private static string Choose(
        KernelSelection selection, KernelTarget target, KernelShape shape, string device = "one", long sharedBytes = long.MaxValue) =>
        selection.Choose(device, target, sharedBytes, KernelFamilies.HstuAttention, shape).Name;
}
