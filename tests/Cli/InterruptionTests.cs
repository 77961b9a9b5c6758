using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli.Tests;

/// <summary>What ends a run from outside: signals, a reader that goes away, a disk without room.</summary>
public sealed class InterruptionTests
{
    private static readonly string[] Endless = ["train", "--set", "data.generator.users=200", "--set", "data.generator.items=100", "--epochs", "100000",
        "--run", "run"];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [TestCase("INT")]
    [TestCase("TERM")]
    public void A_signal_stops_in_seconds_and_saves_the_step_it_stopped_at(string signal)
    {
        Signals.Require();
        using var process = CliProcess.Start(_folder.FolderPath, Endless);
        process.WaitForError("epoch 2/100000: loss");
        var clock = Stopwatch.StartNew();
        process.Signal(signal);
        var result = process.WaitForEnd();
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)), "as slow as that only on a busy machine; 2 s is the longest it should take");
        result.AssertFailure(130, "largerec: stopped");
        var steps = RunFolder.Open(_folder["run"]).Checkpoints.Steps;
        Assert.That(result.Error,
            Does.Contain(string.Create(CultureInfo.InvariantCulture, $"saved at step {steps[^1]}; go on with: largerec train --resume run")));
        var evaluated = CliProcess.Run(_folder.FolderPath, "evaluate", "--run", "run", "--checkpoint", "last");
        evaluated.AssertSuccess();

        // Lines break at words.
        var words = string.Join(' ', evaluated.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.That(words, Does.Contain(string.Create(CultureInfo.InvariantCulture, $"(step {steps[^1]})")));
    }

    [Test]
    public void A_second_signal_ends_at_once()
    {
        Signals.Require();

        // Generating so many events takes longer than the first signal is patient.
        using var process = CliProcess.Start(_folder.FolderPath, "train", "--set", "data.generator.users=1000000", "--run", "run");
        process.WaitForError("reading synthetic");
        process.Signal("INT");
        Thread.Sleep(100);
        process.Signal("INT");
        var result = process.WaitForEnd();
        Assert.That(result.ExitCode, Is.EqualTo(130));
        Assert.That(result.Error, Does.Not.Contain("largerec: stopped"), "that is said by the end that the first signal would have come to");
        Assert.That(_folder["run"], Does.Not.Exist);
    }

    [Test]
    public void A_reader_that_goes_away_is_no_error()
    {
        var command = $"'{CliProcess.Host}' '{CliProcess.AssemblyPath}' train --set data.generator.users=50 --set data.generator.items=30 --epochs 1 --run "
            + $"run | head -n 1";
        var result = CliProcess.RunProgram("sh", _folder.FolderPath, "-c", command);
        Assert.That(result.Error, Does.Not.Contain("   at ").And.Not.Contain("largerec:"));
        Assert.That(result.OutputLines, Has.Count.EqualTo(1));
        Assert.That(File.Exists(_folder["run/summary.json"]));
    }

    [Test]
    public void A_full_disk_is_one_line_and_leaves_only_whole_files()
    {
        var disk = Directory.CreateDirectory(_folder["disk"]).FullName;
        var mounted = CliProcess.RunProgram("sh", _folder.FolderPath, "-c", $"mount -t tmpfs -o size=256k tmpfs '{disk}'");
        if (mounted.ExitCode != 0)
        {
            Assert.Ignore($"a small disk could not be mounted: {mounted.Error.Trim()}");
        }

        try
        {
            var result = CliProcess.Run(
                _folder.FolderPath, "train", "--set", "data.generator.users=200", "--set", "data.generator.items=100", "--epochs", "9", "--run", "disk/run");
            result.AssertFailure(3, "");
            Assert.That(result.ErrorLines[^1], Does.Contain("space"));
            Assert.That(_folder.Entries.Where(e => Path.GetFileName(e).StartsWith('.')), Is.Empty, "half a file");
            var run = RunFolder.Open(_folder["disk/run"]);
            foreach (var step in run.Checkpoints.Steps)
            {
                Assert.That(() => run.Checkpoints.Open(step), Throws.Nothing);
            }
        }
        finally
        {
            CliProcess.RunProgram("umount", _folder.FolderPath, disk);
        }
    }

    [Test]
    public void A_terminal_gets_one_line_that_is_rewritten_and_fits()
    {
        const int Width = 60;
        var inner = $"stty cols {Width}; '{CliProcess.Host}' '{CliProcess.AssemblyPath}' train {string.Join(' ', Events.Tiny)} --run run";
        if (CliProcess.RunProgram("sh", _folder.FolderPath, "-c", "command -v script stty").ExitCode != 0)
        {
            Assert.Ignore("the program script, which makes a terminal, is not installed");
        }

        CliProcess.RunProgram("script", _folder.FolderPath, "-qec", inner, "screen").AssertSuccess();

        // What script itself writes, and what .NET sets up a terminal with, is not the program's.
        var written = Regex.Replace(File.ReadAllText(_folder["screen"]), @"^Script (started|done).*\n?|\x1b(=|>|\[\?\d+[hl])", "", RegexOptions.Multiline);
        var screen = written.Split('\n');
        Assert.That(screen.SelectMany(line => line.Split('\r')).Max(part => part.Length), Is.LessThanOrEqualTo(Width));
        Assert.That(screen, Has.Some.Contains("left"), "the live line");
        Assert.That(screen.Select(line => line.TrimEnd('\r').Split('\r')[^1]), Has.None.Contains(" left"),
            "the live line is gone when something else is printed");
    }
}
