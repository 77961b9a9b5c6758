using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;

namespace LargeRec.Cli.Tests;

/// <summary>The command published with images of kernels in place of their compiler.</summary>
public sealed class EmbeddedKernelsTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Publish()
    {
        if (!File.Exists("/bin/sh"))
        {
            Assert.Ignore("/bin/sh does not exist");
        }

        _folder = new TemporaryFolder();

        // Nothing of the build may outlive it with our streams in its hands: output goes to a file, and no server is left.
        var project = Path.Combine(Root(), "src", "Cli", "LargeRec.Cli.csproj");
        var command = $"'{CliProcess.Host}' publish '{project}' -c Release -p:KernelSource=embedded -p:RunAnalyzers=false -p:UseSharedCompilation=false "
            + $"-nodeReuse:false -o '{_folder["app"]}' > '{_folder["log"]}' 2>&1";
        var start = new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = _folder.FolderPath };
        foreach (var inherited in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
            || k.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        using var process = Process.Start(start)!;
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"publishing took more than {Longest.TotalMinutes} minutes");
        }

        Assert.That(process.ExitCode, Is.Zero, File.ReadAllText(_folder["log"]));
    }

    [OneTimeTearDown]
    public void Delete() => _folder?.Dispose();

    [Test]
    public void No_compiler_is_published()
    {
        var files = Directory.EnumerateFiles(_folder["app"], "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)).ToArray();
        Assert.That(files, Has.None.Contains("ILGPU").IgnoreCase.And.None.StartsWith("LargeRec.Kernels"));
        Assert.That(files, Has.Some.EqualTo("LargeRec.Cli.dll"));
        Assert.That(File.ReadAllText(_folder["app/LargeRec.Cli.deps.json"]), Does.Not.Contain("ILGPU").IgnoreCase);
        foreach (var path in Directory.EnumerateFiles(_folder["app"], "LargeRec.*.dll"))
        {
            using var stream = File.OpenRead(path);
            using var assembly = new PEReader(stream);
            var metadata = assembly.GetMetadataReader();
            Assert.That(metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name)), Has.None.StartsWith("ILGPU"), path);
        }
    }

    [Test]
    public void Kernels_are_listed_and_printed_and_there_is_nothing_to_compile_with()
    {
        var list = Run("kernels", "list", "--format", "json");
        list.AssertSuccess();
        Assert.That(list.Output, Is.EqualTo(CliProcess.Run(_folder.FolderPath, "kernels", "list", "--format", "json").Output),
            "as the program with the compiler says");
        var text = Run("kernels", "text", "ranking.ranks.plain");
        text.AssertSuccess();
        Assert.That(text.Output, Is.EqualTo(CliProcess.Run(_folder.FolderPath, "kernels", "text", "ranking.ranks.plain").Output));
        Run("kernels", "lint").AssertFailure(2, "there is no command 'kernels lint'");
    }

    [Test]
    public void Trains_on_an_OpenCL_device_what_the_program_with_the_compiler_does()
    {
        var devices = Run("devices", "--format", "json");
        devices.AssertSuccess();
        using (var document = JsonDocument.Parse(devices.Output))
        {
            if (document.RootElement[1].GetProperty("problem").GetString() is { } problem)
            {
                Assert.Ignore(problem);
            }
        }

        string[] tiny = ["train", "--device", "opencl", "--set", "data.generator.users=60", "--set", "data.generator.items=40", "--set", "loss.negatives=8",
            .. Events.TinyModel, "--run"];
        Run([.. tiny, "embedded"]).AssertSuccess();
        CliProcess.Run(_folder.FolderPath, [.. tiny, "compiled"]).AssertSuccess();
        Assert.That(File.ReadAllText(_folder["embedded/metrics.jsonl"]), Is.EqualTo(File.ReadAllText(_folder["compiled/metrics.jsonl"])));
        Assert.That(Path.Combine(CacheFolder.FolderPath, "largerec", "kernels"), Does.Exist, "compiled texts are kept for the next time");
    }

    private CliResult Run(params string[] arguments) => CliProcess.RunProgram(CliProcess.Host, _folder.FolderPath,
        [_folder["app/LargeRec.Cli.dll"], .. arguments]);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LargeRec.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("LargeRec.sln was not found above the test assembly.");
    }
}
