using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Tests.Images;

/// <summary>Every kernel's texts are the accepted ones: those for OpenCL and compute capability 8.0 by committed copies, the others by fingerprint.</summary>
public sealed class AcceptedTextTests
{
    private const string Accept = "where the change is meant: largerec kernels build --out src/Kernels/Images, look at the difference, and commit it";

    private readonly IlgpuKernelSource _source = new();
    private readonly KernelCheckRecord _record = KernelCheckRecord.Parse(File.ReadAllText(AcceptedImages.RecordPath));

    public static IEnumerable<string> Kernels => KernelCatalogue.All.Select(e => e.Name);

    [TestCaseSource(nameof(Kernels))]
    public void Is_the_accepted_text(string kernel)
    {
        foreach (var target in Enum.GetValues<KernelTarget>())
        {
            var image = _source.Load(kernel, target);
            Assert.That(_record.StateOf(KernelCheck.Texts, image), Is.EqualTo(CheckState.Passed), $"{kernel} for {target} is not as accepted; {Accept}");
            if (KernelImages.Accepted.Contains(target))
            {
                var path = Path.Combine(AcceptedImages.Folder, KernelImageFile.FileName(kernel, target));
                Assert.That(path, Does.Exist, Accept);
                Assert.That(KernelImageFile.Write(image), Is.EqualTo(File.ReadAllText(path)), $"{path} differs; {Accept}");
            }
        }
    }

    [Test]
    public void No_copy_is_of_a_kernel_that_is_no_longer_there()
    {
        var expected = KernelCatalogue.All.SelectMany(e => KernelImages.Accepted.Select(t => KernelImageFile.FileName(e.Name, t)))
            .Append(KernelCheckRecord.FileName);
        Assert.That(Directory.GetFiles(AcceptedImages.Folder).Select(Path.GetFileName), Is.EquivalentTo(expected), Accept);
    }

    [Test]
    public void Only_the_targets_line_differs_between_CUDA_targets()
    {
        foreach (var entry in KernelCatalogue.All)
        {
            string[] texts = [.. new[] { KernelTarget.Sm80, KernelTarget.Sm90, KernelTarget.Sm90a }.Select(t => _source.Load(entry.Name, t).Text)];
            Assert.That(texts[0], Does.Contain("\n.target sm_80\n"));
            Assert.That(texts[1], Is.EqualTo(texts[0].Replace("\n.target sm_80\n", "\n.target sm_90\n", StringComparison.Ordinal)));
            Assert.That(texts[2], Is.EqualTo(texts[0].Replace("\n.target sm_80\n", "\n.target sm_90a\n", StringComparison.Ordinal)));
        }
    }
}
