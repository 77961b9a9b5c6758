using System.Text.Json;

namespace LargeRec.Cli.Tests;

public sealed class DevicesCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void The_processor_is_there_and_what_is_missing_is_a_line_not_an_error()
    {
        var result = CliProcess.Run(_folder.FolderPath, "devices");
        result.AssertSuccess();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.OutputLines.Max(l => l.Length), Is.LessThanOrEqualTo(80));
            Assert.That(result.Output, Does.Match(@"\ncpu +this machine's processor +\d+ "));
            Assert.That(result.Output, Does.Match(@"\ncpu: \d+ threads, (128|256|512) bits a vector\n"));
            Assert.That(result.Output, Does.Match(@"\nopencl(:0|: none): "));
            Assert.That(result.Output, Does.Match(@"\ncuda(:0|: none): "));
            Assert.That(result.Error, Is.Empty);
        }
    }

    [Test]
    public void Json_has_every_kind_with_its_devices_or_its_problem()
    {
        var result = CliProcess.Run(_folder.FolderPath, "devices", "--format", "json");
        result.AssertSuccess();
        using var document = JsonDocument.Parse(result.Output);
        var kinds = document.RootElement.EnumerateArray().ToArray();
        Assert.That(kinds.Select(k => k.GetProperty("kind").GetString()), Is.EqualTo(new[] { "cpu", "opencl", "cuda" }));
        foreach (var kind in kinds)
        {
            var isEmpty = kind.GetProperty("devices").GetArrayLength() == 0;
            Assert.That(kind.GetProperty("problem").ValueKind, Is.EqualTo(isEmpty ? JsonValueKind.String : JsonValueKind.Null));
        }
    }

    [Test]
    public void A_machine_without_an_OpenCL_driver_is_told_what_to_install()
    {
        RequireEnv();

        // Where the loader of drivers looks; a machine without a loader has nothing to find either.
        var devices = Without("OCL_ICD_VENDORS=/nowhere", "devices");
        devices.AssertSuccess();
        Assert.That(Unwrapped(devices), Does.Match("\nopencl: none: OpenCL: (the library finds no device; install a driver for yours \\(for a CPU: "
            + "PoCL\\)|no library found .* install an OpenCL driver and its loader)\n"));
        Without("OCL_ICD_VENDORS=/nowhere", "train", "--device", "opencl").AssertFailure(2, "--device opencl: OpenCL: ");
    }

    [Test]
    public void A_library_that_is_no_OpenCL_is_named_with_what_it_lacks()
    {
        RequireEnv();
        var other = Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native.so");
        File.Copy(other, _folder["libOpenCL.so.1"]);
        var devices = Without($"LD_LIBRARY_PATH={_folder.FolderPath}", "devices");
        devices.AssertSuccess();
        const string Line = "OpenCL: libOpenCL.so.1 has no function clGetPlatformIDs; it is older than OpenCL 1.2, or no OpenCL at all";
        Assert.That(Unwrapped(devices), Does.Contain($"\nopencl: none: {Line}\n"));
        Without($"LD_LIBRARY_PATH={_folder.FolderPath}", "train", "--device", "opencl").AssertFailure(2, $"--device opencl: {Line}");
    }

    [Test]
    public void An_unknown_device_is_one_line_that_says_what_there_is() =>
        CliProcess.Run(_folder.FolderPath, "train", "--device", "metal").AssertFailure(2, "--device metal: take cpu, opencl or cuda");

    private static void RequireEnv()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/env"))
        {
            Assert.Ignore("/usr/bin/env on Linux sets what the library is found by");
        }
    }

    private static string Unwrapped(CliResult result) => result.Output.ReplaceLineEndings("\n").Replace("\n  ", " ", StringComparison.Ordinal);

    private CliResult Without(string setting, params string[] arguments) =>
        CliProcess.RunProgram("/usr/bin/env", _folder.FolderPath, [setting, CliProcess.Host, CliProcess.AssemblyPath, .. arguments]);
}
