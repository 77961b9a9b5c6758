using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Tests.Images;

/// <summary>Compiled texts in a folder: by kernel, target and version, and never anything but what was compiled.</summary>
public sealed class KernelTextCacheTests
{
    private const string Fill = "pointwise.fill.plain";
    private const string Add = "pointwise.add.plain";

    private TemporaryFolder _folder = null!;
    private Compiler _compiler = null!;

    [SetUp]
    public void Start() => (_folder, _compiler) = (new TemporaryFolder(), new Compiler());

    [TearDown]
    public void Stop() => _folder.Dispose();

    [Test]
    public void A_text_is_compiled_once_for_every_program_that_asks()
    {
        var first = Cache().Load(Fill, KernelTarget.OpenCl);
        var again = Cache().Load(Fill, KernelTarget.OpenCl);
        AssertEqual(again, first);
        Assert.That(first.Text, Is.EqualTo("text 1 of pointwise.fill.plain for OpenCl\nwith a second line\n"));
        Assert.That(_compiler.Calls, Is.EqualTo(1));
        Assert.That(Files(), Has.Length.EqualTo(1));
    }

    [Test]
    public void Kernels_targets_and_versions_each_have_their_own_file()
    {
        foreach (var version in new[] { "a", "b" })
        {
            foreach (var name in new[] { Fill, Add })
            {
                foreach (var target in new[] { KernelTarget.OpenCl, KernelTarget.Sm80, KernelTarget.Sm90, KernelTarget.Sm90a })
                {
                    var image = new KernelTextCache(_compiler, _folder.FolderPath, version).Load(name, target);
                    Assert.That((image.Name, image.Target), Is.EqualTo((name, target)));
                    AssertEqual(new KernelTextCache(_compiler, _folder.FolderPath, version).Load(name, target), image);
                }
            }
        }

        Assert.That(_compiler.Calls, Is.EqualTo(16));
        Assert.That(Files(), Has.Length.EqualTo(16));
    }

    /// <summary>Kernels that were built anew are another version: nothing of the build before is taken.</summary>
    [Test]
    public void The_version_follows_from_the_assemblies()
    {
        Cache().Load(Fill, KernelTarget.OpenCl);
        var name = Path.GetFileName(Files()[0]);
        Assert.That(name, Does.Match("^[0-9a-f]{16}\\."));
        File.Move(Files()[0], Path.Combine(_folder.FolderPath, "0123456789abcdef" + name[16..]));
        Assert.That(Cache().Load(Fill, KernelTarget.OpenCl).Text, Does.StartWith("text 2"));
    }

    [Test]
    public void A_damaged_file_is_compiled_anew_and_mended([Values] Damage damage)
    {
        var whole = Cache().Load(Fill, KernelTarget.OpenCl);
        var path = Files()[0];
        var content = File.ReadAllText(path);
        switch (damage)
        {
            case Damage.Empty:
                File.WriteAllText(path, "");
                break;
            case Damage.HalfGone:
                File.WriteAllText(path, content[..(content.Length / 2)]);
                break;
            case Damage.LastCharacterGone:
                File.WriteAllText(path, content[..^1]);
                break;
            case Damage.OneCharacterOther:
                File.WriteAllText(path, content.Replace("second", "secund", StringComparison.Ordinal));
                break;
            case Damage.NoText:
                File.WriteAllBytes(path, [0xFF, 0xFE, 0, 1, 2, 0x80]);
                break;
            default:
                Cache().Load(Add, KernelTarget.OpenCl);
                File.Copy(Files().Single(f => f != path), path, overwrite: true);
                break;
        }

        var calls = _compiler.Calls;
        var compiled = Cache().Load(Fill, KernelTarget.OpenCl);
        Assert.That(compiled.Text, Is.EqualTo(whole.Text.Replace("text 1", $"text {calls + 1}", StringComparison.Ordinal)), "compiled, not read");
        AssertEqual(Cache().Load(Fill, KernelTarget.OpenCl), compiled);
        Assert.That(_compiler.Calls, Is.EqualTo(calls + 1), "mended");
    }

    [Test]
    public void Many_who_write_at_once_leave_one_whole_file()
    {
        using var start = new Barrier(8);
        var images = new KernelImage[8][];
        var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            images[i] = [.. Enumerable.Range(0, 50).Select(n => Cache().Load($"pointwise.fill-{n}.plain", KernelTarget.OpenCl))];
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        var calls = _compiler.Calls;
        for (var n = 0; n < 50; n++)
        {
            Assert.That(images.Select(i => i[n].Name), Is.All.EqualTo($"pointwise.fill-{n}.plain"));
            Assert.That(images.Select(i => i[n].Text), Is.All.EndsWith("with a second line\n"));
            Assert.That(images.Select(i => i[n].Text), Does.Contain(Cache().Load($"pointwise.fill-{n}.plain", KernelTarget.OpenCl).Text),
                "what is kept is what one of them compiled");
        }

        Assert.That(_compiler.Calls, Is.EqualTo(calls), "all are kept");
        Assert.That(Files(), Has.Length.EqualTo(50), "nothing is left beside them");
    }

    [Test]
    public void A_folder_that_cannot_be_written_is_compiled_around()
    {
        var file = Path.Combine(_folder.FolderPath, "file");
        File.WriteAllText(file, "not a folder");
        foreach (var expected in new[] { "text 1", "text 2" })
        {
            Assert.That(new KernelTextCache(_compiler, Path.Combine(file, "kernels")).Load(Fill, KernelTarget.OpenCl).Text, Does.StartWith(expected));
        }

        // A folder stands where the text should be: it can neither be read nor replaced, and what was written aside is taken away.
        Cache().Load(Fill, KernelTarget.OpenCl);
        var place = Files().Single(f => f != file);
        File.Delete(place);
        Directory.CreateDirectory(place);
        Assert.That(Cache().Load(Fill, KernelTarget.OpenCl).Text, Does.StartWith("text 4"));
        Assert.That(Files(), Is.EqualTo(new[] { file }));
    }

    [Test]
    public void A_kernel_that_does_not_compile_leaves_no_file()
    {
        Assert.That(() => Cache().Load("none.plain", KernelTarget.OpenCl), Throws.InstanceOf<KernelException>());
        Assert.That(Files(), Is.Empty);
    }

    private KernelTextCache Cache() => new(_compiler, _folder.FolderPath);

    private string[] Files() => Directory.GetFiles(_folder.FolderPath);

    private static void AssertEqual(KernelImage image, KernelImage expected)
    {
        Assert.That((image.Name, image.Target, image.EntryPoint, image.Text), Is.EqualTo((expected.Name, expected.Target, expected.EntryPoint, expected.Text)));
        Assert.That(image.Parameters, Is.EqualTo(expected.Parameters));
    }

    /// <summary>What can happen to a file.</summary>
    public enum Damage
    {
        Empty,
        HalfGone,
        LastCharacterGone,
        OneCharacterOther,
        NoText,
        AnotherKernels,
    }

    /// <summary>Counts; every text says which it is.</summary>
    private sealed class Compiler : IKernelSource
    {
        private int _calls;

        public int Calls => _calls;

        public KernelImage Load(string name, KernelTarget target) => name.StartsWith("none", StringComparison.Ordinal)
            ? throw new KernelException($"kernel {name}: there is none")
            : new(name, target, "Entry", [KernelParameter.View, KernelParameter.Word, KernelParameter.Real],
                $"text {Interlocked.Increment(ref _calls)} of {name} for {target}\nwith a second line\n");
    }
}
