using System.Diagnostics;
using LargeRec.Engine.Randomness;
using LargeRec.Retrieval.Runs;
using LargeRec.Training.Tests;

namespace LargeRec.Cli.Tests;

/// <summary>Processes that are killed at random moments, within a checkpoint too, and resumed: the folder can always be read, and no bit differs in the
/// end.</summary>
public sealed class KillTests
{
    /// <summary>Up to 140 steps with a checkpoint every 4 and at each epoch's end, and everything that has a state.</summary>
    private static readonly string[] Training =
    [
        "train", "--set", "data.generator.users=300", "--set", "data.generator.items=1000", "--epochs", "20", "--set", "training.batch_size=16", "--set",
            "training.accumulation=3",
        "--set", "training.checkpoint_every=4", "--set", "training.early_stopping=15", "--set", "optimizer.warmup_steps=10", "--set", "optimizer.clip_norm=1",
        "--set", "evaluation.bootstrap=10",
    ];

    private TemporaryFolder _folder = null!;
    private TimeSpan _wholeTime;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        var clock = Stopwatch.StartNew();
        CliProcess.Run(_folder.FolderPath, [.. Training, "--run", "whole"]).AssertSuccess();
        _wholeTime = clock.Elapsed;
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Killed_at_random_moments_and_resumed_no_bit_differs()
    {
        var kills = 0;
        for (ulong seed = 1; kills < 6; seed++)
        {
            kills += KillAndResume($"few-{seed}", seed, most: 3);
        }

        TestContext.Out.WriteLine($"{kills} kills");
    }

    [Test]
    [Explicit("takes some ten minutes; its result stands in docs/results.md")]
    [Category("Kills")]
    public void A_hundred_kills()
    {
        var (kills, runs, clock) = (0, 0, Stopwatch.StartNew());
        for (ulong seed = 1001; kills < 100; seed++, runs++)
        {
            kills += KillAndResume($"many-{seed}", seed, most: 5);
            TestContext.Progress.WriteLine($"{kills} kills in {runs + 1} runs, {clock.Elapsed.TotalSeconds:F0} s");
        }
    }

    [TestCase(".step-*.tmp", "", TestName = "Killed when a checkpoint's folder is made")]
    [TestCase(".step-*.tmp", "optimizer.safetensors", TestName = "Killed when its moments are being written")]
    [TestCase(".step-*.tmp", "state.json", TestName = "Killed when its state is written")]
    [TestCase(".step-*.old", "", TestName = "Killed when an old checkpoint is being deleted")]
    public void Killed_within_a_checkpoint_no_bit_differs(string folder, string file)
    {
        const int Attempts = 30;
        var name = TestContext.CurrentContext.Test.ID;
        bool IsThere()
        {
            try
            {
                return Directory.Exists(_folder[$"{name}/checkpoints"])
                    && Directory.EnumerateDirectories(_folder[$"{name}/checkpoints"], folder).Any(f => file.Length == 0 || File.Exists(Path.Combine(f, file)));
            }
            catch (IOException)
            {
                // It went while it was looked at.
                return false;
            }
        }

        // What is seen may be over when the kill arrives; a kill that leaves it behind is one that came within it.
        var within = 0;
        for (var attempt = 0; attempt < Attempts && within == 0; attempt++)
        {
            using var process = CliProcess.Start(_folder.FolderPath, Arguments(name));

            // What the attempt before has left is cleared away by the first checkpoint; until then it is no sign.
            if (RunFolderAt(name) is { } begun && begun.Checkpoints.Steps is { Count: > 0 } steps)
            {
                process.WaitForError("going on from step");
                var last = steps[^1];
                process.WaitUntil(() => begun.Checkpoints.Steps.Any(step => step > last));
            }

            if (process.WaitUntil(IsThere) && process.KillAfter(TimeSpan.Zero))
            {
                AssertReadable(name);
                within += IsThere() ? 1 : 0;
            }
            else
            {
                process.WaitForEnd().AssertSuccess();
                break;
            }
        }

        Assert.That(within, Is.EqualTo(1), "no kill came within the checkpoint");
        CliProcess.Run(_folder.FolderPath, Arguments(name)).AssertSuccess();
        EqualRuns.AssertEqual(_folder[name], _folder["whole"], name);
    }

    /// <summary>Kills a run up to so many times, lets it go to its end and compares; the number of kills.</summary>
    private int KillAndResume(string name, ulong seed, int most)
    {
        var random = new PhiloxStream(seed, "kills");
        var kills = 0;
        while (RunFolderAt(name) is not { IsFinished: true })
        {
            using var process = CliProcess.Start(_folder.FolderPath, Arguments(name));
            if (kills == most)
            {
                process.WaitForEnd().AssertSuccess();
                break;
            }

            if (random.NextBelow(4) > 0)
            {
                // Mostly while it trains; now and then while it starts.
                process.WaitForError("run folder: ");
            }

            if (process.KillAfter(_wholeTime * (random.NextBelow(1000) / 2000.0)))
            {
                kills++;
                AssertReadable(name);
            }
            else
            {
                process.WaitForEnd().AssertSuccess();
            }
        }

        EqualRuns.AssertEqual(_folder[name], _folder["whole"], $"{name}, killed {kills} times");
        Directory.Delete(_folder[name], recursive: true);
        return kills;
    }

    /// <summary>A run that was not begun yet is begun; one that was goes on.</summary>
    private string[] Arguments(string name) => RunFolderAt(name) is null ? [.. Training, "--run", name] : ["train", "--resume", name];

    private RunFolder? RunFolderAt(string name) => File.Exists(_folder[$"{name}/config.json"]) ? RunFolder.Open(_folder[name]) : null;

    private void AssertReadable(string name)
    {
        if (RunFolderAt(name) is not { } run)
        {
            return;
        }

        Assert.That(() => run.ReadConfiguration(), Throws.Nothing);
        foreach (var step in run.Checkpoints.Steps)
        {
            Assert.That(() => run.Checkpoints.Open(step), Throws.Nothing, $"step {step}");
        }

        foreach (var log in new[] { run.MetricsPath, run.TimingPath }.Where(File.Exists))
        {
            Assert.That(() => MetricsLog.Read(log), Throws.Nothing);
        }
    }
}
