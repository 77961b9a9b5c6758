using LargeRec.Retrieval.Runs;
using LargeRec.Training.Tests;

namespace LargeRec.Cli.Tests;

/// <summary>train --resume as its users meet it.</summary>
public sealed class ResumeCommandTests
{
    private static readonly string[] Short = ["--set", "evaluation.bootstrap=10"];

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        CliProcess.Run(_folder.FolderPath, ["train", .. Events.Tiny, .. Short, "--run", "done"]).AssertSuccess();
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_finished_run_says_so_shows_its_results_and_is_left_as_it_is()
    {
        var before = File.ReadAllBytes(_folder["done/summary.json"]);
        var result = CliProcess.Run(_folder.FolderPath, "train", "--resume", "done");
        result.AssertSuccess();
        Assert.That(result.Error, Does.Contain("done: the run is finished (2 epochs); nothing was changed"));
        Assert.That(result.Output, Does.Contain("test: 200 held-out events of 200 users, 100 candidates; weights of epoch").And.Contain("protocol: "));
        Assert.That(File.ReadAllBytes(_folder["done/summary.json"]), Is.EqualTo(before));
    }

    [Test]
    public void A_signal_says_how_to_go_on_and_going_on_gives_the_same_bits()
    {
        Signals.Require();
        string[] training = ["train", "--set", "data.generator.users=300", "--set", "data.generator.items=100", "--epochs", "40", "--set",
            "training.batch_size=16", .. Short];
        CliProcess.Run(_folder.FolderPath, [.. training, "--run", "whole"]).AssertSuccess();
        using (var process = CliProcess.Start(_folder.FolderPath, [.. training, "--run", "a run"]))
        {
            process.WaitForError("epoch 2/40: loss");
            process.Signal("INT");
            var stopped = process.WaitForEnd();
            stopped.AssertFailure(130, "largerec: stopped");
            Assert.That(stopped.Error, Does.Match(@"saved at step \d+; go on with: largerec train --resume 'a run'"));
        }

        var resumed = CliProcess.Run(_folder.FolderPath, "train", "--resume", "a run", "--threads", "1");
        resumed.AssertSuccess();
        Assert.That(resumed.Error, Does.Match(@"going on from step \d+"));
        EqualRuns.AssertEqual(_folder["a run"], _folder["whole"], "after Ctrl-C");
    }

    [Test]
    public void A_run_in_use_is_an_error()
    {
        using var process = CliProcess.Start(_folder.FolderPath,
            ["train", "--set", "data.generator.users=200", "--set", "data.generator.items=100", "--epochs", "100000", "--run", "used"]);
        process.WaitForError("epoch 1/100000: loss");
        CliProcess.Run(_folder.FolderPath, "train", "--resume", "used")
            .AssertFailure(3, "used: another training is using this run; let it end or stop it first");
    }

    [Test]
    public void A_run_that_stopped_early_says_so()
    {
        var result = CliProcess.Run(
            _folder.FolderPath,
            ["train", .. Short, "--set", "data.generator.users=100", "--set", "data.generator.items=50", "--epochs", "60", "--set", "training.early_stopping=1",
            "--set", "optimizer.learning_rate=0.02", "--run", "early"]);
        result.AssertSuccess();
        var epoch = RunSummary.Read(_folder["early/summary.json"]).StoppedEarlyAtEpoch;
        Assert.That(epoch, Is.Not.Null.And.LessThan(60));
        Assert.That(result.Output.ReplaceLineEndings(" "), Does.Contain($"stopped early at epoch {epoch}"));
        var resumed = CliProcess.Run(_folder.FolderPath, "train", "--resume", "early", "--epochs", "70");
        resumed.AssertSuccess();
        Assert.That(resumed.Error, Does.Contain($"it stopped early at epoch {epoch}, and more epochs do not change that; nothing was changed"));
    }

    [TestCase(2, "--resume and --run do not go together", "--run", "x")]
    [TestCase(2, "--resume and --config do not go together", "--config", "ml-1m/hstu")]
    [TestCase(2, "training.seed is 7 here and 1 in done", "--seed", "7")]
    [TestCase(2, "model.layers is 3 here and 2 in done", "--set", "model.layers=3")]
    [TestCase(2, "data.name is ml-1m here and synthetic in done", "--data", "ml-1m")]
    [TestCase(2, "training.epochs is 1 here and 2 in done", "--epochs", "1")]
    [TestCase(2, "unknown key 'model.layer'", "--set", "model.layer=3")]
    public void What_does_not_go_with_a_resumption_is_one_line(int code, string expected, params string[] arguments) =>
        CliProcess.Run(_folder.FolderPath, ["train", "--resume", "done", .. arguments]).AssertFailure(code, expected);

    [Test]
    public void A_folder_without_a_run_is_one_line() =>
        CliProcess.Run(_folder.FolderPath, "train", "--resume", "nowhere").AssertFailure(3, "nowhere: there is no run here: the folder is missing");

    [Test]
    public void Other_bits_are_allowed_to_a_resumption_only() =>
        CliProcess.Run(_folder.FolderPath, "train", "--allow-different-bits").AssertFailure(2, "--allow-different-bits goes with --resume");

    [Test]
    public void Another_processors_run_needs_leave()
    {
        CliProcess.Run(_folder.FolderPath, ["train", .. Events.Tiny, .. Short, "--run", "elsewhere"]).AssertSuccess();
        File.Delete(_folder["elsewhere/summary.json"]);
        var environment = RunEnvironment.Read(_folder["elsewhere/environment.json"]);
        (environment with { SimdWidth = 1024 }).Write(_folder["elsewhere/environment.json"]);
        CliProcess.Run(_folder.FolderPath, "train", "--resume", "elsewhere").AssertFailure(3, "--allow-different-bits accepts that");
        CliProcess.Run(_folder.FolderPath, "train", "--resume", "elsewhere", "--allow-different-bits").AssertSuccess();
        Assert.That(RunEnvironment.Read(_folder["elsewhere/environment.json"]), Is.EqualTo(environment));
    }
}
