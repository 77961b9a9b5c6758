using System.Text.Json;

namespace LargeRec.Cli.Tests;

/// <summary>recommend: from the run folder alone, in the data's own ids, for people and for programs.</summary>
public sealed class RecommendCommandTests
{
    private const string Escape = "\x1b";

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        _folder.Write("events.csv", Events.Csv("user,item,timestamp,title",
            (user, item, i) => $"anna-{user},tea {item},{1_600_000_000 + (3600 * i)},\"Tea {item}, \"\"best\"\" {Escape}[31m\""));
        var trained = CliProcess.Run(_folder.FolderPath, ["train", "--data", "events.csv", .. Events.TinyModel, "--run", "run"]);
        trained.AssertSuccess();
        File.Delete(_folder["events.csv"]);
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_table_is_for_people()
    {
        var result = Recommend("--user", "anna-3", "--user", "anna-5", "--top", "2");
        result.AssertSuccess();
        Assert.That(result.OutputLines, Has.Count.EqualTo(6));
        Assert.That(result.OutputLines[0], Is.EqualTo("user anna-3, at 2020-09-13T20:26:40Z: next, with scores"));
        Assert.That(result.OutputLines[1], Does.Match(@"^   1\. +-?\d\.\d{3} Tea \d+, ""best""  \[31m \[tea \d+\]$"));
        Assert.That(result.Output, Does.Contain("user anna-5").And.Not.Contain(Escape));
        Assert.That(result.Error, Does.Contain("weights of epoch 1").And.Contain("each user's last event plus 1 hour, the median gap of the data"));
    }

    [Test]
    public void Csv_and_json_hold_the_same_lists()
    {
        var csv = Recommend("--user", "anna-3", "--top", "3", "--format", "csv");
        csv.AssertSuccess();
        Assert.That(csv.OutputLines[0], Is.EqualTo("user,rank,item,title,score"));
        Assert.That(csv.OutputLines[1], Does.StartWith("anna-3,1,tea ").And.Contain(", \"\"best\"\" "));
        var json = Recommend("--user", "anna-3", "--top", "3", "--format", "json");
        json.AssertSuccess();
        using var document = JsonDocument.Parse(json.Output);
        var list = document.RootElement.EnumerateArray().Single();
        Assert.That(list.GetProperty("user").GetString(), Is.EqualTo("anna-3"));
        Assert.That(
            list.GetProperty("items").EnumerateArray().Select(i => string.Join(
                ',', i.GetProperty("rank"), i.GetProperty("item"), $"\"{i.GetProperty("title").GetString()!.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
                i.GetProperty("score").GetRawText())),
            Is.EqualTo(csv.OutputLines.Skip(1).Select(line => line["anna-3,".Length..])));
    }

    [Test]
    public void Lists_by_way_of_an_int8_copy_are_the_same()
    {
        var plain = Recommend("--all-users", "--format", "csv");
        var preselected = Recommend("--all-users", "--format", "csv", "--set", "inference.preselection=int8");
        preselected.AssertSuccess();
        Assert.That(preselected.Output, Is.EqualTo(plain.Output));
    }

    [Test]
    public void Nothing_of_the_history_comes_again_unless_it_is_asked_for()
    {
        // 12 items, of which each user has seen 8.
        Assert.That(Recommend("--user", "anna-3", "--top", "20", "--format", "csv").OutputLines, Has.Count.EqualTo(1 + 4));
        Assert.That(Recommend("--user", "anna-3", "--top", "20", "--format", "csv", "--include-history").OutputLines, Has.Count.EqualTo(1 + 12));
    }

    [Test]
    public void A_history_needs_no_user()
    {
        var assumed = Recommend("--history", "tea 3\ttea 4", "--top", "2");
        assumed.AssertSuccess();
        Assert.That(assumed.OutputLines[0], Is.EqualTo("this history: next, with scores"));
        Assert.That(assumed.Error, Does.Contain("no times given: assumed is 1 hour from one event to the next and to the request, the median of the data"));
        var timed = Recommend("--history", "tea 3\ttea 4", "--history-times", "1600000000 2020-09-13T13:26:40Z", "--top", "2");
        timed.AssertSuccess();
        Assert.That(timed.OutputLines[0], Is.EqualTo("this history, at 2020-09-13T14:26:40Z: next, with scores"));
        Assert.That(timed.OutputLines.Skip(1), Is.EqualTo(assumed.OutputLines.Skip(1)), "the times given are a median gap apart, as those assumed");
        var skipped = Recommend("--history", "tea 3\tcoffee", "--skip-unknown");
        skipped.AssertSuccess();
        Assert.That(skipped.Error, Does.Contain("note: the training did not know the item 'coffee'; it is left out"));
    }

    [TestCase("csv")]
    [TestCase("json")]
    [TestCase("table")]
    public void A_reader_that_has_enough_ends_it_quietly(string format)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("needs a shell of Unix");
        }

        // Everything written is far more than a pipe holds; the exit code is the command's, not head's.
        var users = string.Join(' ', Enumerable.Repeat("--user anna-3", 1500));
        var result = CliProcess.RunProgram(
            "bash", _folder.FolderPath, "-c", $"set -o pipefail; '{CliProcess.Host}' '{CliProcess.AssemblyPath}' recommend --run run {users} "
            + $"--include-history --top 12 --format {format} --verbose | head -n 1 | cut -c 1-4");
        result.AssertSuccess();
        Assert.That(result.OutputLines, Has.Count.EqualTo(1));
        Assert.That(result.Error, Does.Not.Contain("largerec:").And.Not.Contain("   at "));
    }

    [Test]
    public void All_users_go_to_a_file_that_is_replaced_only_by_force()
    {
        var result = Recommend("--all-users", "--format", "csv", "--top", "2", "--out", "top.csv");
        result.AssertSuccess();
        Assert.That(result.Output, Is.Empty);
        var lines = File.ReadAllLines(_folder["top.csv"]);
        Assert.That(lines, Has.Length.EqualTo(1 + (20 * 2)));
        Assert.That(lines.Skip(1).Select(line => line.Split(',')[0]).Distinct(), Is.EqualTo(Enumerable.Range(0, 20).Select(user => $"anna-{user}")));

        File.WriteAllText(_folder["top.csv"], "mine");
        Recommend("--all-users", "--format", "csv", "--out", "top.csv").AssertFailure(2, "--out top.csv: the file is there already; --force replaces it");
        Assert.That(File.ReadAllText(_folder["top.csv"]), Is.EqualTo("mine"));
        Recommend("--all-users", "--at", "2000-01-01", "--out", "top.csv", "--force")
            .AssertFailure(2, "is before the last event of user 'anna-0' at 2020-09-13T19:26:40Z");
        Assert.That(File.ReadAllText(_folder["top.csv"]), Is.EqualTo("mine"), "whole or not at all");
        Recommend("--all-users", "--format", "csv", "--top", "2", "--out", "top.csv", "--force").AssertSuccess();
        Assert.That(File.ReadAllLines(_folder["top.csv"]), Is.EqualTo(lines));
    }

    [TestCase(2, "there is no user 'ana-3' in events.csv (20 users): did you mean 'anna-3'?", "--user", "ana-3")]
    [TestCase(2, "there is no item 'tea 99' in events.csv (12 items): did you mean 'tea 9'?", "--history", "tea 1\ttea 99")]
    [TestCase(2, "a history of 2 items has 1 times", "--history", "tea 1\ttea 2", "--history-times", "5")]
    [TestCase(2, "no item of the history was known", "--history", "coffee", "--skip-unknown")]
    [TestCase(2, "the history is empty", "--history", " ")]
    [TestCase(2, "recommend needs one of --user ID, --history \"ID ID ...\" and --all-users")]
    [TestCase(2, "recommend needs only one of", "--user", "a", "--all-users")]
    [TestCase(2, "--history-times and --skip-unknown go with --history", "--user", "a", "--skip-unknown")]
    [TestCase(2, "--at yesterday: take an ISO 8601 time", "--user", "anna-3", "--at", "yesterday")]
    [TestCase(2, "--top none: take a whole number from 1 up", "--user", "anna-3", "--top", "none")]
    [TestCase(2, "--format xml: take table, csv or json", "--user", "anna-3", "--format", "xml")]
    [TestCase(2, "--force goes with --out", "--user", "anna-3", "--force")]
    [TestCase(2, "--out nowhere/x: there is no folder", "--user", "anna-3", "--out", "nowhere/x")]
    [TestCase(2, "--out run: this is a folder", "--user", "anna-3", "--out", "run")]
    [TestCase(3, "there is no checkpoint of step 99", "--user", "anna-3", "--checkpoint", "99")]
    public void What_cannot_be_answered_is_said_in_one_line(int exitCode, string message, params string[] arguments)
    {
        var before = _folder.Entries;
        Recommend(arguments).AssertFailure(exitCode, message);
        Assert.That(_folder.Entries, Is.EqualTo(before));
    }

    [Test]
    public void An_older_run_says_what_to_do()
    {
        Directory.CreateDirectory(_folder["old"]);
        File.Copy(_folder["run/config.json"], _folder["old/config.json"]);
        CliProcess.RunProgram("cp", _folder.FolderPath, "-r", "run/checkpoints", "old/").AssertSuccess();
        CliProcess.Run(_folder.FolderPath, "recommend", "--run", "old", "--user", "anna-3").AssertFailure(3, "histories.prepared: the file is missing");
        Directory.Delete(_folder["old"], recursive: true);
    }

    private CliResult Recommend(params string[] arguments) => CliProcess.Run(_folder.FolderPath, ["recommend", "--run", "run", .. arguments]);
}
