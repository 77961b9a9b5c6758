using LargeRec.Engine.Gpu.Catalogue;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>The file of what tuning found, and shapes as text.</summary>
public sealed class KernelPicksTests
{
    private static readonly KernelPick Pick = new(
        "opencl (a, b)", "hstu-attention", [1024, 2, 50, 50, 211], "tiled", new Dictionary<string, double> { ["plain"] = 2.5, ["tiled"] = 1.25 });

    [Test]
    public void A_file_holds_what_was_saved_in_one_order()
    {
        using var folder = new TemporaryFolder();
        var picks = new KernelPicks();
        picks.Add(Pick with { Device = "z" });
        picks.Add(Pick with { Variant = "plain" });
        picks.Add(Pick);
        picks.Save(folder["new/picks.json"]);

        var read = KernelPicks.Load(folder["new/picks.json"]);
        Assert.That(read.All.Select(p => (p.Device, p.Variant)), Is.EqualTo(new[] { ("opencl (a, b)", "tiled"), ("z", "tiled") }), "the later pick counts");
        Assert.That(read.All.First().Milliseconds, Is.EqualTo(Pick.Milliseconds));
        Assert.That(read.Find("opencl (a, b)", KernelFamilies.HstuAttention, new KernelShape(600, 2, 50, 50, 211)), Is.EqualTo("tiled"), "its like");
        Assert.That(read.Find("opencl (a, b)", KernelFamilies.HstuAttention, new KernelShape(600, 2, 51, 50, 211)), Is.Null);
        Assert.That(Directory.GetFiles(folder["new"]), Has.Length.EqualTo(1), "something unfinished");
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[null]")]
    [TestCase("""[{"device":"a"}]""")]
    [TestCase("""[{"device":"a","family":"magic","shape":[1],"variant":"plain","milliseconds":{}}]""")]
    [TestCase("""[{"device":"a","family":"product","shape":[1,2,3],"variant":"magic","milliseconds":{}}]""")]
    [TestCase("""[{"device":"a","family":"product","shape":[1,2],"variant":"plain","milliseconds":{}}]""")]
    public void Another_file_is_refused_by_name(string text)
    {
        using var folder = new TemporaryFolder();
        var path = folder["picks.json"];
        File.WriteAllText(path, text);
        Assert.That(() => KernelPicks.Load(path), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(path).And.Message.Not.Contains("\n"));
    }

    [Test]
    public void A_shape_is_read_by_its_dimensions_in_any_order() => Assert.Multiple(() =>
    {
        Assert.That(KernelFamilies.Product.Parse("n=50, m=200,k=25600"), Is.EqualTo(new KernelShape(200, 50, 25600)));
        Assert.That(KernelFamilies.Product.Describe(new KernelShape(200, 50, 25600)), Is.EqualTo("m 200, n 50, k 25600"));
    });

    [TestCase("m=200,n=50")]
    [TestCase("m=200,n=50,m=3")]
    [TestCase("m=200,n=50,k=0")]
    [TestCase("m=200,n=50,k=-1")]
    [TestCase("m=200,n=50,q=1")]
    [TestCase("200,50,1")]
    [TestCase("")]
    public void Another_text_is_no_shape(string text) => Assert.That(
        () => KernelFamilies.Product.Parse(text),
        Throws.ArgumentException.With.Message.EqualTo($"shape '{text}': product takes m=SIZE,n=SIZE,k=SIZE, each at least 1"));

    [Test]
    public void What_is_forced_and_picked_has_words_that_are_equal_where_the_choices_are()
    {
        var (picks, others) = (new KernelPicks(), new KernelPicks());
        picks.Add(Pick);
        others.Add(Pick with { Variant = Pick.Variant == "plain" ? "tiled" : "plain" });
        var (plain, tiled) = ($"{Pick.Family}=plain", "product=tiled");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(new KernelSelection().Describe(Pick.Device), Is.Null);
            Assert.That(new KernelSelection([], picks).Describe("another"), Is.Null, "picks of another device");
            Assert.That(new KernelSelection([], picks).Describe(Pick.Device), Does.Match("^picks [0-9a-f]{12}$"));
            Assert.That(new KernelSelection([], picks).Describe(Pick.Device), Is.Not.EqualTo(new KernelSelection([], others).Describe(Pick.Device)));
            Assert.That(new KernelSelection([tiled, plain], picks).Describe(Pick.Device), Is.EqualTo($"{plain}, {tiled}"), "what is forced is not picked");
        }
    }

    /// <summary>A choice is made at every launch of a step.</summary>
    [Test]
    public void Choosing_allocates_nothing()
    {
        var picks = new KernelPicks();
        picks.Add(Pick);
        KernelSelection[] selections = [new(), new([], picks), new(["hstu-attention=plain"])];
        foreach (var selection in selections)
        {
            _ = Choose(selection, 1);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var tokens = 1; tokens <= 1000; tokens++)
            {
                _ = Choose(selection, tokens);
            }

            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero, $"selection {Array.IndexOf(selections, selection)}");
        }

        static KernelVariant Choose(KernelSelection selection, int tokens) => selection.Choose(
            Pick.Device, Engine.Gpu.Images.KernelTarget.Sm80, long.MaxValue, KernelFamilies.HstuAttention, new KernelShape(tokens, 2, 50, 50, 211));
    }
}
