namespace LargeRec.Cli.Tests;

/// <summary>study: a grid of small trainings by the command, killed in the middle, gone on with, asked for wrongly.</summary>
public sealed class StudyCommandTests
{
    private const int Data = 3;

    private static readonly string Study = $$"""
        {
          "study": "ablation", "title": "Backbones", "base": "synthetic/hstu",
          "set": { "training.epochs": 3, "evaluation.bootstrap": 5, "data.generator.users": 200, "data.generator.items": 100 },
          "axes": { "model.backbone": ["hstu", "llama", "sasrec"], "model.layers": [1, 2] }, // comments are allowed
        }
        """;

    private TemporaryFolder _folder = null!;
    private CliResult _whole = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        _folder.Write("study.json", Study);
        _whole = Run("--config", "study.json", "--run", "whole");
        _whole.AssertSuccess();
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Every_cell_is_a_row_within_80_columns()
    {
        Assert.That(_whole.OutputLines[0], Does.Match("^cell +parameters +loss +NDCG@10 +HR@10 +seconds$"));
        Assert.That(_whole.OutputLines.Count(line => line.StartsWith("backbone-", StringComparison.Ordinal)), Is.EqualTo(6));
        Assert.That(_whole.OutputLines.Max(line => line.Length), Is.LessThanOrEqualTo(80));
        foreach (var file in new[] { "study.json", "results.csv", "results.parquet", "fits.json", "report.html" })
        {
            Assert.That(new FileInfo(_folder[$"whole/{file}"]).Length, Is.Positive, file);
        }

        Assert.That(File.ReadAllLines(_folder["whole/results.csv"]), Has.Length.EqualTo(7));
    }

    [Test]
    public void A_study_that_was_killed_goes_on_bit_for_bit()
    {
        using (var process = CliProcess.Start(_folder.FolderPath, "study", "ablation", "--config", "study.json", "--run", "killed", "--parallel", "1",
            "--no-estimate"))
        {
            Assert.That(
                process.WaitUntil(() => Directory.Exists(_folder["killed/cells/backbone-hstu_layers-2/checkpoints"])), "it ended before it was killed");
            Assert.That(process.KillAfter(TimeSpan.Zero), "it ended before it was killed");
        }

        Run("--run", "killed").AssertSuccess();
        foreach (var cell in Directory.EnumerateDirectories(_folder["whole/cells"]).Select(path => Path.GetFileName(path)))
        {
            Assert.That(Metrics("killed", cell), Is.EqualTo(Metrics("whole", cell)), cell);
        }

        string[] Metrics(string run, string cell) => File.ReadAllLines(_folder[$"{run}/cells/{cell}/metrics.jsonl"]);
    }

    [Test]
    public void A_finished_study_trains_nothing_again()
    {
        var before = File.GetLastWriteTimeUtc(_folder["whole/cells/backbone-llama_layers-1/summary.json"]);
        var again = Run("--run", "whole");
        again.AssertSuccess();
        Assert.That(again.Error, Does.Contain("6 cells, 6 of them finished"));
        Assert.That(again.Output, Is.EqualTo(_whole.Output));
        Assert.That(File.GetLastWriteTimeUtc(_folder["whole/cells/backbone-llama_layers-1/summary.json"]), Is.EqualTo(before));
    }

    [Test]
    public void A_dry_run_says_what_would_be_done_and_writes_nothing()
    {
        var plan = Run("--config", "study.json", "--run", "dry", "--dry-run");
        plan.AssertSuccess();
        Assert.That(plan.OutputLines[0], Does.Match("^cell +state +parameters +arithmetic +time +memory$"));
        Assert.That(plan.Output, Does.Contain("6 cells, 0 of them finished").And.Contain("estimate: about"));
        Assert.That(Path.Exists(_folder["dry"]), Is.False);
    }

    [TestCase("model.layrs", "[1]", "bad.json, axis 'model.layrs': unknown key 'model.layrs': did you mean 'model.layers'?")]
    [TestCase("model.layers", "[0]", "bad.json, axis 'model.layers': model.layers is 0; it must be at least 1")]
    [TestCase("model.layers", "[]", "bad.json: axes.model.layers has no value; give at least one")]
    public void A_wrong_axis_is_one_line(string axis, string values, string message)
    {
        _folder.Write("bad.json", $$"""{ "study": "ablation", "base": "synthetic/hstu", "axes": { "{{axis}}": {{values}} } }""");
        Assert.That(Refused("--config", "bad.json"), Is.EqualTo($"largerec: {message}"));
    }

    [Test]
    public void Another_kind_a_name_that_there_is_not_and_a_folder_of_something_else_are_refused() => Assert.Multiple(() =>
    {
        var kind = CliProcess.Run(_folder.FolderPath, "study", "scaling", "--config", "study.json");
        Assert.That((kind.ExitCode, kind.Error.TrimEnd()),
            Is.EqualTo((2, "largerec: study.json is a study of the kind ablation: say largerec study ablation")));
        Assert.That(Refused("--config", "nope"),
            Does.StartWith("largerec: there is no study 'nope' (there are ablation, backbones, components, losses, parameters, published, scaling"));
        Assert.That(Refused("--parallel", "0"), Is.EqualTo("largerec: --parallel 0: take a number from 1 to 1024"));
        _folder.Write("other/notes.txt", "mine");
        var other = Run("--run", "other");
        Assert.That((other.ExitCode, other.Error), Is.EqualTo(
            (Data, "largerec: other: the folder holds something other than a study (study.json is missing); choose another\n")));
    });

    private CliResult Run(params string[] arguments) => CliProcess.Run(_folder.FolderPath, ["study", "ablation", .. arguments]);

    private string Refused(params string[] arguments)
    {
        var result = Run(arguments);
        Assert.That(result.ExitCode, Is.EqualTo(2), result.Error);
        return result.Error.TrimEnd();
    }
}
