using System.Diagnostics;
using System.Globalization;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Kernels.Tests.Checks;
using LargeRec.Kernels.Tests.Devices;

namespace LargeRec.Kernels.Tests.Oclgrind;

/// <summary>
/// Every kernel's OpenCL C under oclgrind, which interprets it and reports races, accesses out of bounds and wrong calls; and a planted fault of each kind,
/// which it must report. Its check for values that nobody wrote finds a planted one too, but over the kernels version 21.10 also reports values that were
/// written (sums of an uploaded matrix, say; why is not known): over all kernels the interpreter of PTX does that check.
/// </summary>
public sealed class OclgrindTests
{
    private const int MostSeconds = 240;

    /// <summary>48 KiB, what CUDA gives a group at least and PoCL too: oclgrind itself gives 32, too few for tiles of attention.</summary>
    private const string LocalBytes = "49152";

    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, "oclgrind")).FirstOrDefault(File.Exists);

    [SetUp]
    public void RequireOclgrind()
    {
        if (Program is null)
        {
            Assert.Ignore("oclgrind is not installed (Debian: oclgrind)");
        }
    }

    [Test]
    public void Every_kernel_is_free_of_races_and_stays_within_what_is_its_own()
    {
        var (output, report) = Run(false, "tour");
        Assert.Multiple(() =>
        {
            Assert.That(report, Is.Empty);
            Assert.That(output, Does.Not.Contain("DIFFERS"));
            Assert.That(output.Split('\n').Count(line => line.Contains("agrees", StringComparison.Ordinal)), Is.EqualTo(KernelTour.Stops.Count));
        });
        var seen = new CheckedSource(KernelCheck.Oclgrind);
        foreach (var entry in KernelCatalogue.All)
        {
            // The tour calls at every one: KernelTourTests holds that.
            seen.Load(entry.Name, KernelTarget.OpenCl);
        }

        seen.Record();
    }

    [TestCase(nameof(PlantedKernels.Race), "data race")]
    [TestCase(nameof(PlantedKernels.GlobalRace), "data race")]
    [TestCase(nameof(PlantedKernels.OutOfBounds), "Invalid read")]
    [TestCase(nameof(PlantedKernels.Uninitialized), "uninitialized value")]
    [TestCase(nameof(PlantedKernels.MovedLoad), "data race")]
    public void A_planted_fault_is_reported(string kernel, string words) => Assert.That(Run(true, "planted", kernel).Report, Does.Contain(words).IgnoreCase);

    [Test]
    public void What_is_right_is_not_reported() => Assert.That(Run(true, "planted", nameof(PlantedKernels.Right)).Report, Is.Empty);

    private static (string Output, string Report) Run(bool uninitialized, params string[] arguments)
    {
        var log = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Program!)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            string[] all =
            [
                "--data-races", "--check-api", "--local-mem-size", LocalBytes, .. uninitialized ? ["--uninitialized"] : (string[])[], "--max-errors", "100",
                    "--log", log,
                "dotnet", "exec", typeof(OclgrindTests).Assembly.Location, .. arguments,
            ];
            foreach (var argument in all)
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start)!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(TimeSpan.FromSeconds(MostSeconds)))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"oclgrind {string.Join(' ', arguments)} took more than {MostSeconds} s"));
            }

            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, errors.Result);
            return (output.Result, File.ReadAllText(log).Trim());
        }
        finally
        {
            File.Delete(log);
        }
    }
}
