using System.Globalization;
using System.Text.Json;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli.Tests;

/// <summary>evaluate: the same numbers as the training, from a run or from a file of weights.</summary>
public sealed class EvaluateCommandTests
{
    private TemporaryFolder _folder = null!;
    private CliResult _trained = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        _folder.Write("events.csv", Events.Usual(users: 60));
        _trained = CliProcess.Run(_folder.FolderPath, ["train", "--data", "events.csv", .. Events.TinyModel, "--set", "training.epochs=3", "--run", "run"]);
        _trained.AssertSuccess();
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_run_gives_its_summary_again()
    {
        var result = Evaluate("--run", "run");
        result.AssertSuccess();
        var summary = RunSummary.Read(_folder["run/summary.json"]);
        Assert.That(Table(result), Is.EqualTo(Table(_trained)));
        Assert.That(result.OutputLines[0], Does.Contain($"weights of epoch {summary.Epoch} (step {summary.Step})"));
        foreach (var (name, value) in summary.Test)
        {
            var row = Table(result).Single(line => line.StartsWith(name.ToUpperInvariant() + " ", StringComparison.Ordinal));
            Assert.That(row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], Is.EqualTo(value.ToString("F4", CultureInfo.InvariantCulture)), name);
        }
    }

    [Test]
    public void Weights_of_a_file_score_the_same_with_the_runs_configuration()
    {
        var best = RunSummary.Read(_folder["run/summary.json"]).Step;
        File.Copy(_folder[$"run/checkpoints/step-{best}/weights.safetensors"], _folder["weights.safetensors"], overwrite: true);
        var result = Evaluate("--config", "run/config.json", "--checkpoint", "weights.safetensors");
        result.AssertSuccess();
        Assert.That(Table(result), Is.EqualTo(Table(_trained)));
        Assert.That(string.Join(' ', result.OutputLines.Take(2).Select(line => line.Trim())), Does.Contain("weights of weights.safetensors"));
    }

    [Test]
    public void Another_checkpoint_is_chosen_by_name_or_step()
    {
        var last = RunFolder.Open(_folder["run"]).Checkpoints.Steps[^1];
        var byName = Evaluate("--run", "run", "--checkpoint", "last");
        byName.AssertSuccess();
        Assert.That(byName.OutputLines[0], Does.Contain($"(step {last})"));
        Assert.That(Evaluate("--run", "run", "--checkpoint", $"{last}").Output, Is.EqualTo(byName.Output));
        Evaluate("--run", "run", "--checkpoint", "999").AssertFailure(3, "there is no checkpoint of step 999");
    }

    [Test]
    public void A_file_that_moved_is_named_and_other_events_are_noticed()
    {
        _folder.Write("moved/events.csv", Events.Usual(users: 60));
        var moved = Evaluate("--run", "run", "--data", "moved/events.csv");
        moved.AssertSuccess();
        Assert.That(Table(moved), Is.EqualTo(Table(_trained)));
        Assert.That(moved.Error, Does.Not.Contain("not the events"));

        _folder.Write("other/events.csv", Events.Usual(users: 50));
        var other = Evaluate("--run", "run", "--data", "other/events.csv");
        other.AssertSuccess();
        Assert.That(other.Error, Does.Contain("note: these are not the events"));
    }

    [Test]
    public void Groups_and_ranks_are_given_where_they_are_asked_for()
    {
        var result = Evaluate("--run", "run", "--breakdown", "--ranks", "ranks.csv");
        result.AssertSuccess();
        Assert.That(Table(result), Is.EqualTo(Table(_trained)));
        foreach (var name in new[] { "by history length", "by target popularity", "by training events of the target item", "by training events of the user" })
        {
            Assert.That(result.OutputLines, Has.Some.EqualTo(name));
        }

        Assert.That(result.OutputLines.Max(line => line.Length), Is.LessThanOrEqualTo(80));
        Assert.That(result.OutputLines, Has.Some.Matches(@"^5 to 9 events +60 +[01]\.\d{4} +[01]\.\d{4} +[01]\.\d{4} to [01]\.\d{4} +[01]\.\d{4}$"));
        var ranks = File.ReadAllLines(_folder["ranks.csv"]).Skip(1).Select(line => int.Parse(line.Split(',')[^1], CultureInfo.InvariantCulture)).ToArray();
        Assert.That(ranks, Has.Length.EqualTo(60));
        Assert.That(ranks.Average(rank => rank == 0 ? 0 : 1.0 / rank), Is.EqualTo(RunSummary.Read(_folder["run/summary.json"]).Test["mrr"]).Within(1e-12));
    }

    [Test]
    public void Programs_get_json_or_csv()
    {
        var json = Evaluate("--run", "run", "--breakdown", "--format", "json");
        json.AssertSuccess();
        using var document = JsonDocument.Parse(json.Output);
        var summary = RunSummary.Read(_folder["run/summary.json"]);
        Assert.That(document.RootElement.GetProperty("summary").GetProperty("test").GetProperty("ndcg@10").GetDouble(), Is.EqualTo(summary.Test["ndcg@10"]));
        Assert.That(document.RootElement.GetProperty("breakdowns").GetArrayLength(), Is.EqualTo(4));
        var csv = Evaluate("--run", "run", "--format", "csv");
        csv.AssertSuccess();
        Assert.That(csv.OutputLines[0], Is.EqualTo("by,group,tests,metric,value,low,high"));
        Assert.That(csv.OutputLines, Has.Some.StartsWith($",model,60,mrr,{summary.Test["mrr"].ToString("R", CultureInfo.InvariantCulture)},"));
        Evaluate("--run", "run", "--ranks", "run").AssertFailure(2, "--ranks run: this is a folder");
    }

    [Test]
    public void Ranks_of_another_device_are_compared()
    {
        var result = Evaluate("--run", "run", "--beside", "cpu");
        result.AssertSuccess();
        Assert.That(Table(result), Is.EqualTo(Table(_trained)));
        Assert.That(result.Output.ReplaceLineEndings(" "), Does.Match(@" beside cpu \(.+\): all 60 ranks are equal $"));
        var csv = Evaluate("--run", "run", "--beside", "cpu", "--format", "csv");
        csv.AssertSuccess();
        Assert.That(csv.OutputLines, Has.Some.Matches(@"^,""beside cpu .*"",60,ranks that differ,0,,$"));
        Evaluate("--run", "run", "--beside", "metal").AssertFailure(2, "--beside metal: take cpu, opencl or cuda");
    }

    [Test]
    public void Weights_that_do_not_fit_are_refused()
    {
        Evaluate("--run", "run", "--set", "model.layers=2").AssertFailure(3, "is missing; does the configuration (layers, bias) fit these weights?");
        _folder.Write("broken.safetensors", "no weights");
        Evaluate("--config", "run/config.json", "--checkpoint", "broken.safetensors").AssertFailure(3, "broken.safetensors");
    }

    private CliResult Evaluate(params string[] arguments) => CliProcess.Run(_folder.FolderPath, ["evaluate", .. arguments]);

    private static string[] Table(CliResult result) =>
        [.. result.OutputLines.SkipWhile(line => !line.Contains("95% interval", StringComparison.Ordinal))
            .TakeWhile(line => !line.Contains(" is ", StringComparison.Ordinal))];
}
