using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli.Tests;

/// <summary>train without arguments but for its size: what it prints, what it keeps, and that all of it comes again.</summary>
public sealed class TrainCommandTests
{
    private TemporaryFolder _folder = null!;
    private CliResult _one = null!;
    private CliResult _three = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        _one = CliProcess.Run(_folder.FolderPath, ["train", .. Events.Tiny, "--run", "one", "--threads", "1"]);
        _three = CliProcess.Run(_folder.FolderPath, ["train", .. Events.Tiny, "--run", "three", "--threads", "3"]);
        _one.AssertSuccess();
        _three.AssertSuccess();
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Without_arguments_the_model_learns_what_the_floors_cannot()
    {
        using var folder = new TemporaryFolder();
        CliProcess.Run(folder.FolderPath, "train").AssertSuccess();
        var summary = RunSummary.Read(Path.Combine(folder.FolderPath, "runs", "synthetic-hstu-1", "summary.json"));
        var floor = summary.Floors.Max(f => f.Value["ndcg@10"]);
        Assert.That(summary.Test["ndcg@10"], Is.GreaterThanOrEqualTo(1.2 * floor));
    }

    [Test]
    public void Results_go_to_stdout_in_80_columns()
    {
        foreach (var part in new[] { "test: 200 held-out events of 200 users, 100 candidates; weights of epoch", "95% interval", "popularity", "markov",
            "HR@100", "NDCG@10 is", "MRR", "protocol: leave-one-out", "recommended next", "run folder: one" })
        {
            Assert.That(_one.Output, Does.Contain(part));
        }

        Assert.That(_one.OutputLines.Max(line => line.Length), Is.LessThanOrEqualTo(80));
        Assert.That(_one.OutputLines, Has.None.EndsWith(" "));
        Assert.That(_one.Output, Does.Not.Contain("epoch 1/2"));
    }

    [Test]
    public void Progress_goes_to_stderr_first_the_data_then_steps_with_time_left()
    {
        var order = new[] { "reading synthetic", "split validated", "configuration: configs/synthetic/hstu.json", "generator.users=200", "data: 200 users",
            "run folder: one", "epoch 1/2 step 1/8", "epoch 1/2: loss", "epoch 2/2: loss" };
        var places = order.Select(part => _one.Error.IndexOf(part, StringComparison.Ordinal)).ToArray();
        Assert.That(places, Is.Ordered.Ascending.And.All.GreaterThanOrEqualTo(0), _one.Error);
        Assert.That(_one.ErrorLines, Has.Some.Matches(@"^epoch 1/2 step 1/8 loss \d+\.\d{4} .* events/s, .* left$"));
        Assert.That(_one.Error, Does.Not.Contain("95% interval").And.Not.Contain("\r").And.Not.Contain("\x1b"));
    }

    [Test]
    public void The_run_folder_is_complete()
    {
        var run = RunFolder.Open(_folder["one"]);
        Assert.That(run.ReadConfiguration().Data.Generator, Is.EqualTo(new GeneratorConfiguration { Users = 200, Items = 100, Seed = 1 }));
        Assert.That(RunEnvironment.Read(run.EnvironmentPath).Threads, Is.EqualTo(1));
        Assert.That(ItemsFile.Read(run.ItemsPath), Has.Count.EqualTo(100));
        Assert.That(MetricsLog.Read(run.TimingPath), Has.Count.EqualTo(2));
        Assert.That(run.Checkpoints.Steps, Is.EqualTo(new long[] { 4, 8 }));
        var summary = RunSummary.Read(run.SummaryPath);
        var last = MetricsLog.Read(run.MetricsPath)[^1];
        Assert.That(last.Split, Is.EqualTo("test"));
        Assert.That(last.Metrics, Is.EqualTo(summary.Test));
        Assert.That(summary.Floors.Keys, Is.EqualTo(new[] { "popularity", "markov" }));
        Assert.That(_folder.Entries.Where(e => Path.GetFileName(e).StartsWith('.')), Is.Empty, "something unfinished");
    }

    [TestCase("metrics.jsonl")]
    [TestCase("checkpoints/step-8/weights.safetensors")]
    [TestCase("checkpoints/step-8/optimizer.safetensors")]
    public void A_second_run_on_another_number_of_threads_gives_the_same_bytes(string file) =>
        Assert.That(File.ReadAllBytes(_folder[$"three/{file}"]), Is.EqualTo(File.ReadAllBytes(_folder[$"one/{file}"])));

    [Test]
    public void A_second_run_prints_the_same_results() =>
        Assert.That(_three.Output.Replace("run folder: three", "run folder: one", StringComparison.Ordinal), Is.EqualTo(_one.Output));

    [Test]
    public void A_profile_is_a_table_after_the_results_and_a_file_in_the_run_folder()
    {
        using var folder = new TemporaryFolder();
        var result = CliProcess.Run(folder.FolderPath, ["train", .. Events.Tiny, "--run", "profiled", "--profile", "2"]);
        result.AssertSuccess();
        Assert.That(result.Output, Does.Match(@"where the time of 2 steps went\noperation +pass +calls a step +ms a step +%\n"));
        Assert.That(result.Output, Does.Match(@"\nhstu attention +backward +2 +\d+\.\d\d +\d+\.\d\n"));
        Assert.That(result.Output, Does.Match(@"\nall +\d+\.\d\d  100\.0\n"));
        Assert.That(result.OutputLines.Max(line => line.Length), Is.LessThanOrEqualTo(80));
        Assert.That(result.Error, Does.Contain("2 steps profiled: profiled/profile.json"));
        Assert.That(folder.Entries, Has.Some.EndsWith("profile.json"));
    }

    [Test]
    public void A_folder_that_is_not_empty_is_refused_and_left_as_it_is()
    {
        var before = _folder.Entries;
        CliProcess.Run(_folder.FolderPath, ["train", .. Events.Tiny, "--run", "one"]).AssertFailure(3, "one: the folder is not empty");
        Assert.That(_folder.Entries, Is.EqualTo(before));
    }

    [Test]
    public void Without_a_run_folder_the_next_free_one_is_taken()
    {
        using var folder = new TemporaryFolder();
        foreach (var number in new[] { 1, 2 })
        {
            var result = CliProcess.Run(folder.FolderPath, ["train", .. Events.Tiny, "--epochs", "1", "--set", "data.generator.users=50"]);
            Assert.That(result.ExitCode, Is.EqualTo(2), "an option given twice");
            result = CliProcess.Run(folder.FolderPath, "train", "--set", "data.generator.users=50", "--set", "data.generator.items=30", "--epochs", "1");
            result.AssertSuccess();
            Assert.That(result.Output, Does.Contain($"run folder: runs/synthetic-hstu-{number}"));
        }
    }
}
