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
    public void An_unknown_device_is_one_line_that_says_what_there_is() =>
        CliProcess.Run(_folder.FolderPath, "train", "--device", "metal").AssertFailure(2, "--device metal: take cpu, opencl or cuda");
}
