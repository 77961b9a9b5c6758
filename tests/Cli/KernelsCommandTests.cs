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
            Assert.That(result.OutputLines[0], Does.Match("^kernel +group +targets +pocl +ptx +race +text +host$"));
            Assert.That(result.OutputLines.Count(l => Regex.IsMatch(l, @"^  \S+\.(plain|tiled) ")), Is.EqualTo(KernelCatalogue.All.Count));
            Assert.That(result.Output, Does.Match(@"\n  hstu-forward.plain +64 +all +(yes|old|-) +yes +(yes|old|-) +yes +(yes|old|-)\n"));
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
        Assert.That(csv.OutputLines[0], Is.EqualTo("kernel,family,group_size,targets,pocl,ptx,race,text,host"));
        Assert.That(csv.OutputLines, Has.Count.EqualTo(KernelCatalogue.All.Count + 1));
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
