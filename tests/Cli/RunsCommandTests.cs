using System.Text.Json;

namespace LargeRec.Cli.Tests;

/// <summary>runs: what folders hold, compared, and their reports made again.</summary>
public sealed class RunsCommandTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        Train("a", "validated", "1");
        Train("b", "published", "2");
        _folder.Write("runs/c/notes.txt", "no run");

        void Train(string name, string split, string epochs) => CliProcess.Run(
            _folder.FolderPath, "train", "--epochs", epochs, "--set", "data.generator.users=50", "--set", "data.generator.items=30", "--set",
            $"data.split={split}", "--run", $"runs/{name}").AssertSuccess();
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void List_shows_runs_and_says_what_it_cannot_read()
    {
        var table = Runs("list");
        Assert.That(table.OutputLines[0], Does.Match("^run +data +model +state +epochs +HR@10 +NDCG@10 +seconds$"));
        Assert.That(table.OutputLines[1], Does.Match(@"^a +synthetic +hstu +finished +1 +0\.\d{4} +0\.\d{4} +\d"));
        Assert.That(table.OutputLines[^1], Is.EqualTo("unreadable: runs/c: there is no run here: config.json is missing"));
        var csv = Runs("list", "runs", "--format", "csv");
        Assert.That(csv.OutputLines[0], Is.EqualTo("path,name,state,data,backbone,epochs,epochs_planned,hr@10,ndcg@10,seconds,problem"));
        Assert.That(csv.OutputLines[2], Does.StartWith("runs/b,b,finished,synthetic,hstu,2,2,0."));
        using var json = JsonDocument.Parse(Runs("list", "--format", "json").Output);
        Assert.That(json.RootElement.EnumerateArray().Select(run => run.GetProperty("state").GetString()),
            Is.EqualTo(new[] { "finished", "finished", "unreadable" }));
    }

    [Test]
    public void Compare_warns_loudly_and_puts_numbers_side_by_side()
    {
        var table = Runs("compare", "runs/a", "runs/b");
        Assert.That(table.OutputLines[0], Does.StartWith("WARNING: the protocols differ"));
        Assert.That(table.OutputLines, Has.Some.Matches(@"^NDCG@10 +0\.\d{4} +0\.\d{4} to 0\.\d{4} +0\.\d{4} +0\.\d{4} to 0\.\d{4}$"));
        Assert.That(table.OutputLines, Has.Some.Matches("^data.split +validated +published$"));
        Assert.That(table.Output, Does.Contain("protocol of A: leave-one-out").And.Contain("protocol of B: leave-one-out"));
        Assert.That(table.OutputLines.Max(line => line.Length), Is.LessThanOrEqualTo(80));
        var csv = Runs("compare", "runs/a", "runs/b", "--format", "csv");
        Assert.That(csv.OutputLines, Has.Some.Matches(@"^runs/b,ndcg@10,0\.\d+,0\.\d+,0\.\d+$"));
        Assert.That(csv.Error, Does.Contain("WARNING: the protocols differ"));
        using var json = JsonDocument.Parse(Runs("compare", "runs/a", "runs/b", "--format", "json").Output);
        Assert.That(json.RootElement.GetProperty("warnings").GetArrayLength(), Is.GreaterThan(0));
        Assert.That(json.RootElement.GetProperty("runs")[1].GetProperty("summary").GetProperty("test").GetProperty("ndcg@10").GetDouble(), Is.Positive);
    }

    [Test]
    public void Report_makes_the_page_again()
    {
        var page = File.ReadAllText(_folder["runs/a/report.html"]);
        File.Delete(_folder["runs/a/report.html"]);
        Assert.That(Runs("report", "runs/a").Output, Is.EqualTo("runs/a/report.html\n"));
        Assert.That(File.ReadAllText(_folder["runs/a/report.html"]), Is.EqualTo(page));
    }

    [TestCase(2, "runs compare takes two runs or more; given is runs/a alone", "compare", "runs/a")]
    [TestCase(3, "runs/c: there is no run here: config.json is missing", "compare", "runs/a", "runs/c")]
    [TestCase(3, "nowhere: there is no such folder", "list", "nowhere")]
    [TestCase(3, "nowhere: there is no run here: the folder is missing", "report", "nowhere")]
    [TestCase(2, "--format xml: take table, csv or json", "list", "--format", "xml")]
    public void What_is_not_there_is_said_in_one_line(int exitCode, string message, params string[] arguments) =>
        CliProcess.Run(_folder.FolderPath, ["runs", .. arguments]).AssertFailure(exitCode, message);

    private CliResult Runs(params string[] arguments)
    {
        var result = CliProcess.Run(_folder.FolderPath, ["runs", .. arguments]);
        result.AssertSuccess();
        return result;
    }
}
