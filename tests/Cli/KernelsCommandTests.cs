using System.Text.Json;
using System.Text.RegularExpressions;
using LargeRec.Engine.Gpu.Catalogue;

namespace LargeRec.Cli.Tests;

public sealed class KernelsCommandTests
{
    private const string Kernel = "attention.hstu-forward.plain";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void The_list_fits_80_columns_and_has_every_kernel_once()
    {
        var result = CliProcess.Run(_folder.FolderPath, "kernels", "list");
        result.AssertSuccess();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.OutputLines.Max(l => l.Length), Is.LessThanOrEqualTo(80));
            Assert.That(result.OutputLines[0], Does.Match("^kernel +variant +group +on +pocl +ptx +race +text +host$"));
            Assert.That(result.OutputLines.Count(l => Regex.IsMatch(l, @"^  \S+ +(plain|tiled) ")), Is.EqualTo(KernelCatalogue.All.Count));
            Assert.That(result.Output, Does.Match(@"\n  hstu-forward +plain +64 +all +(yes|old|-) +yes +(yes|old|-) +yes +(yes|old|-)\n"));
            Assert.That(result.Output, Does.Not.Contain("..."), "no name is cut");
            Assert.That(result.Output, Does.Contain($"text: {KernelCatalogue.All.Count} of {KernelCatalogue.All.Count}\n"));
        }
    }

    [Test]
    public void Json_and_csv_hold_the_state_of_five_checks()
    {
        var json = CliProcess.Run(_folder.FolderPath, "kernels", "list", "--format", "json");
        json.AssertSuccess();
        using var document = JsonDocument.Parse(json.Output);
        var row = document.RootElement.EnumerateArray().Single(r => r.GetProperty("kernel").GetString() == Kernel);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.GetProperty("group_size").GetInt32(), Is.EqualTo(64));
            Assert.That(row.GetProperty("targets").EnumerateArray().Select(t => t.GetString()), Is.EqualTo(new[] { "opencl", "sm80", "sm90", "sm90a" }));
            Assert.That(row.GetProperty("checks").EnumerateObject().Select(p => p.Name), Is.EqualTo(new[] { "pocl", "ptx", "race", "text", "host" }));
            Assert.That(row.GetProperty("checks").GetProperty("text").GetString(), Is.EqualTo("Passed").IgnoreCase);
        }

        var csv = CliProcess.Run(_folder.FolderPath, "kernels", "list", "--format", "csv");
        csv.AssertSuccess();
        Assert.That(csv.OutputLines[0], Is.EqualTo("kernel,family,variant,group_size,targets,pocl,ptx,race,text,host"));
        Assert.That(csv.OutputLines, Has.Count.EqualTo(KernelCatalogue.All.Count + 1));
    }

    [Test]
    public void A_family_and_a_variant_can_be_listed_alone()
    {
        var csv = CliProcess.Run(_folder.FolderPath, "kernels", "list", "--family", "attention", "--variant", "tiled", "--format", "csv");
        csv.AssertSuccess();
        var expected = KernelCatalogue.All.Where(e => e is { Family: "attention", Variant: "tiled" }).Select(e => e.Name);
        Assert.That(csv.OutputLines.Skip(1).Select(l => l.Split(',')[0]), Is.EqualTo(expected).And.Not.Empty);
        CliProcess.Run(_folder.FolderPath, "kernels", "list", "--family", "cooking").AssertFailure(2, "--family cooking: there is none; take pointwise, ");
        CliProcess.Run(_folder.FolderPath, "kernels", "list", "--family", "ranking", "--variant", "tiled")
            .AssertFailure(2, "--variant tiled: there is none; take plain");
    }

    [Test]
    public void A_text_is_printed_as_a_driver_gets_it()
    {
        var openCl = CliProcess.Run(_folder.FolderPath, "kernels", "text", Kernel);
        var ptx = CliProcess.Run(_folder.FolderPath, "kernels", "text", Kernel, "--target", "sm90a");
        openCl.AssertSuccess();
        ptx.AssertSuccess();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(openCl.Output, Does.StartWith($"// {Kernel} OpenCl Kernel View ").And.Contains("kernel void Kernel("));
            Assert.That(ptx.Output, Does.Contain(".target sm_90a\n").And.Contains(".entry Kernel("));
        }
    }

    [Test]
    public void What_is_not_there_is_one_line()
    {
        CliProcess.Run(_folder.FolderPath, "kernels", "text", "attention.hstu-forwards.plain")
            .AssertFailure(2, $"there is no kernel 'attention.hstu-forwards.plain': did you mean '{Kernel}'?");
        CliProcess.Run(_folder.FolderPath, "kernels", "text", Kernel, "--target", "sm75").AssertFailure(2, "--target sm75: take opencl, sm80, sm90, sm90a");
        CliProcess.Run(_folder.FolderPath, "kernels", "build").AssertFailure(2, "--out");
        _folder.Write("file", "");
        CliProcess.Run(_folder.FolderPath, "kernels", "build", "--out", "file").AssertFailure(2, "--out file: this is a file; name a folder");
    }

    [TestCase("cpu", "product=tiled", "--kernel product=tiled: the device cpu has no kernels to choose from")]
    [TestCase("opencl", "product=tield", "--kernel: product has no variant 'tield'; take plain, tiled")]
    [TestCase("opencl", "attention=tiled", "--kernel: there is no kernel family 'attention'; take hstu-attention, product")]
    [TestCase("opencl", "product", "--kernel: 'product': write FAMILY=VARIANT, the families being hstu-attention, product")]
    public void A_variant_that_cannot_be_taken_is_one_line(string device, string kernel, string words) =>
        CliProcess.Run(_folder.FolderPath, "train", "--data", "ml-100k", "--device", device, "--kernel", kernel).AssertFailure(2, words);

    [Test]
    public void Bench_times_every_variant_and_keeps_the_fastest_where_training_finds_it()
    {
        if (!CliProcess.Run(_folder.FolderPath, "devices", "--format", "csv").Output.Contains("opencl:0", StringComparison.Ordinal))
        {
            Assert.Ignore("no OpenCL device: install PoCL (Debian: pocl-opencl-icd ocl-icd-libopencl1)");
        }

        var result = CliProcess.Run(
            _folder.FolderPath, "kernels", "bench", "--family", "product", "--shape", "m=70,n=20,k=30", "--tune", "--picks", "picks.json", "--format", "json");
        result.AssertSuccess();
        using var document = JsonDocument.Parse(result.Output);
        var rows = document.RootElement.GetProperty("measurements").EnumerateArray().ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(document.RootElement.GetProperty("ceilings").EnumerateObject().Select(c => c.Value.GetDouble()), Is.All.GreaterThan(0));
            Assert.That(rows.Select(r => r.GetProperty("variant").GetString()), Is.EqualTo(new[] { "plain", "tiled" }));
            Assert.That(rows.Select(r => r.GetProperty("milliseconds").GetDouble()), Is.All.GreaterThan(0));
            Assert.That(rows.Select(r => r.GetProperty("kernels")[0].GetString()),
                Is.EqualTo(new[] { "product.multiply-identity.plain", "product.multiply-identity.tiled" }));
        }

        var pick = KernelPicks.Load(_folder["picks.json"]).All.Single();
        Assert.That(pick.Milliseconds.MinBy(t => t.Value).Key, Is.EqualTo(pick.Variant));
        Assert.That(pick.Shape, Is.EqualTo(new[] { 70, 20, 30 }));
    }

    [TestCase("--shape m=1,n=1,k=1: say of which family", "--shape", "m=1,n=1,k=1")]
    [TestCase("shape 'm=1': product takes m=SIZE,n=SIZE,k=SIZE", "--family", "product", "--shape", "m=1")]
    [TestCase("product has no variant 'best'; take plain, tiled", "--family", "product", "--variant", "best")]
    [TestCase("--picks x.json: only --tune writes it", "--picks", "x.json")]
    [TestCase("--tune and --variant plain do not go together", "--tune", "--variant", "plain")]
    [TestCase("--device cpu: it has no kernels; take opencl or cuda", "--device", "cpu")]
    public void A_bench_that_cannot_be_is_one_line(string words, params string[] arguments) =>
        CliProcess.Run(_folder.FolderPath, ["kernels", "bench", .. arguments]).AssertFailure(2, words);

    [Test]
    public void Picks_that_cannot_be_read_are_one_line()
    {
        _folder.Write("picks.json", "[{}]");
        CliProcess.Run(_folder.FolderPath, "train", "--device", "opencl", "--picks", "picks.json").AssertFailure(2, "--picks picks.json: ");
        CliProcess.Run(_folder.FolderPath, "train", "--picks", "picks.json").AssertFailure(2, "--picks picks.json: the device cpu has no kernels");
    }

    [Test]
    public void Lint_finds_nothing()
    {
        var result = CliProcess.Run(_folder.FolderPath, "kernels", "lint");
        result.AssertSuccess();
        Assert.That(result.Output, Is.EqualTo($"nothing found in {KernelCatalogue.All.Count} kernels\n"));
    }

    [Test]
    public void Build_writes_images_and_the_second_time_nothing()
    {
        var count = KernelCatalogue.All.Count;
        var first = CliProcess.Run(_folder.FolderPath, "kernels", "build", "--out", "images", "--target", "sm90a", "--target", "opencl");
        first.AssertSuccess();
        Assert.That(first.Output, Is.EqualTo($"{2 * count} images in images: {2 * count} new or changed, 0 deleted\n"));
        Assert.That(File.ReadAllText(_folder[$"images/{Kernel}.sm90a.ptx"]), Does.Contain(".target sm_90a\n"));
        var second = CliProcess.Run(_folder.FolderPath, "kernels", "build", "--out", "images", "--target", "opencl");
        second.AssertSuccess();
        Assert.That(second.Output, Is.EqualTo($"{count} images in images: 0 new or changed, {count} deleted\n"));
    }
}
