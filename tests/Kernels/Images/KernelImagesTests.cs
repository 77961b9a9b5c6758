using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Tests.Images;

public sealed class KernelImagesTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Writes_what_is_missing_or_different_and_deletes_what_is_no_longer_there_but_nothing_else()
    {
        var source = new MadeUpSource();
        var first = KernelImages.Write(source, _folder.FolderPath, KernelImages.Accepted);
        Assert.That(first.Written, Has.Count.EqualTo(2 * KernelCatalogue.All.Count));
        var kernel = KernelCatalogue.All[0].Name;
        File.AppendAllText(_folder[KernelImageFile.FileName(kernel, KernelTarget.Sm80)], "// changed\n");
        File.WriteAllText(_folder["gone.opencl.cl"], KernelImageFile.Write(MadeUpSource.Image("gone", KernelTarget.OpenCl)));
        File.WriteAllText(_folder["mine.cl"], "kernel void Mine() {}\n");
        var second = KernelImages.Write(source, _folder.FolderPath, KernelImages.Accepted);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.Written, Is.EqualTo(new[] { KernelImageFile.FileName(kernel, KernelTarget.Sm80) }));
            Assert.That(second.Deleted, Is.EqualTo(new[] { "gone.opencl.cl" }));
            Assert.That(_folder["mine.cl"], Does.Exist);
        }
    }

    [Test]
    public void Notes_the_texts_of_all_targets_and_keeps_other_checks()
    {
        var (source, kernel) = (new MadeUpSource(), KernelCatalogue.All[0].Name);
        var record = new KernelCheckRecord();
        record.Add(KernelCheck.Pocl, source.Load(kernel, KernelTarget.OpenCl));
        record.Add(KernelCheck.Pocl, MadeUpSource.Image("gone", KernelTarget.OpenCl));
        File.WriteAllText(_folder[KernelCheckRecord.FileName], record.ToString());
        KernelImages.Write(source, _folder.FolderPath, KernelImages.Accepted);
        var written = KernelCheckRecord.Parse(File.ReadAllText(_folder[KernelCheckRecord.FileName]));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(written.StateOf(KernelCheck.Texts, t => source.Load(kernel, t)), Is.EqualTo(CheckState.Passed));
            Assert.That(written.StateOf(KernelCheck.Pocl, source.Load(kernel, KernelTarget.OpenCl)), Is.EqualTo(CheckState.Passed));
            Assert.That(written.ToString(), Does.Not.Contain("gone"));
        }
    }

    [Test]
    public void A_text_that_changed_since_its_check_counts_as_unchecked()
    {
        var record = new KernelCheckRecord();
        var image = MadeUpSource.Image("a.b.c", KernelTarget.Sm80);
        record.Add(KernelCheck.Interpreter, image);
        record = KernelCheckRecord.Parse(record.ToString());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(record.StateOf(KernelCheck.Interpreter, image), Is.EqualTo(CheckState.Passed));
            Assert.That(record.StateOf(KernelCheck.Interpreter, image with { Text = image.Text + "\n" }), Is.EqualTo(CheckState.Changed));
            Assert.That(record.StateOf(KernelCheck.Interpreter, image with { Parameters = [KernelParameter.Real] }), Is.EqualTo(CheckState.Changed),
                "another signature");
            Assert.That(record.StateOf(KernelCheck.StandIn, image), Is.EqualTo(CheckState.Unchecked));
            Assert.That(record.StateOf(KernelCheck.Texts, _ => image), Is.EqualTo(CheckState.Unchecked), "one of several targets is not enough");
        }
    }

    [TestCase("Interpreter a.b.c Sm80")]
    [TestCase("Interpreted a.b.c Sm80 0123")]
    [TestCase("Interpreter a.b.c Sm81 0123")]
    public void A_damaged_record_names_its_line(string line) =>
        Assert.That(() => KernelCheckRecord.Parse($"\n{line}\n"), Throws.TypeOf<FormatException>().With.Message.Contains("line 2").And.Message.Contains(line));

    private sealed class MadeUpSource : IKernelSource
    {
        public static KernelImage Image(string name, KernelTarget target) =>
            new(name, target, "Kernel", [KernelParameter.View, KernelParameter.Word], $"text of {name} for {target}\n");

        public KernelImage Load(string name, KernelTarget target) => Image(name, target);
    }
}
