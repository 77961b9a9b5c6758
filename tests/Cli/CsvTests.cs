namespace LargeRec.Cli.Tests;

/// <summary>A user's own file: what goes, and what is said where it does not.</summary>
public sealed class CsvTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Ids_of_text_come_back_in_the_recommendations()
    {
        _folder.Write("events.csv", Events.Usual());
        var result = Train("--data", "events.csv");
        result.AssertSuccess();
        Assert.That(result.Error, Does.Contain("columns: user = user, item = item, time = timestamp").And.Contain("times are seconds (guessed"));
        Assert.That(result.OutputLines, Has.Some.EqualTo("user anna-0: the latest of 8 events"));
        Assert.That(result.OutputLines, Has.Some.Matches(@"^   1\. +-?\d\.\d{3} tea \d+$"));
        Assert.That(result.Output, Does.Contain("run folder: runs/csv-hstu-1"));
    }

    [Test]
    public void Titles_are_shown_as_they_are_but_for_control_characters_and_length()
    {
        var csv = Events.Csv("user;item;time;title", (user, item, i) => $"u{user};i{item};{i};[red]Tea\x1b[2J no. {item}[/] {{0}} {new string('x', 90)}");
        _folder.Write("events.csv", csv);
        var result = Train("--data", "events.csv");
        result.AssertSuccess();
        Assert.That(result.Output, Does.Contain("[red]Tea [2J no. 1[/] {0} xxx").And.Not.Contain("\x1b"));
        Assert.That(result.OutputLines.Max(line => line.Length), Is.LessThanOrEqualTo(80));
    }

    [Test]
    public void Data_without_times_need_a_bias_without_time()
    {
        _folder.Write("events.csv", Events.Csv("user,item", (user, item, _) => $"{user},{item}"));
        Train("--data", "events.csv").AssertFailure(2, "model.bias is both, but events.csv has no times");
        Assert.That(_folder.Entries, Is.EqualTo(new[] { "events.csv" }));
        Train("--data", "events.csv", "--set", "model.bias=position").AssertSuccess();
    }

    [Test]
    public void Unusual_headers_are_named_by_the_option_that_the_error_names()
    {
        _folder.Write("events.csv", Events.Csv("who,what,timestamp", (user, item, i) => $"{user},{item},{i}"));
        Train("--data", "events.csv").AssertFailure(3, "events.csv, line 1: no user column is recognised among who, what, timestamp");
        Train("--data", "events.csv", "--columns", "user=who", "--columns", "item=what").AssertSuccess();
    }

    [Test]
    public void Columns_go_into_one_option_too_and_by_number_without_a_header()
    {
        _folder.Write("events.csv", Events.Csv("who,\"what, exactly\",timestamp", (user, item, i) => $"{user},{item},{i}"));
        Train("--data", "events.csv", "--columns", "user=who,item=what, exactly,time=timestamp").AssertSuccess();
        _folder.Write("plain.csv", Events.Csv("0,1,2", (user, item, i) => $"{user},{item},{i}"));
        var result = Train("--data", "plain.csv", "--columns", "user=1,item=2,time=3");
        result.AssertSuccess();
        Assert.That(result.Error, Does.Contain("columns by number"));
    }

    [Test]
    public void Bad_rows_are_an_error_or_are_skipped_and_said()
    {
        _folder.Write("events.csv", Events.Usual() + "a,b\n");
        Train("--data", "events.csv").AssertFailure(3, "the row has 2 fields where");
        var result = Train("--data", "events.csv", "--skip-bad-rows");
        result.AssertSuccess();
        Assert.That(result.Error, Does.Match(@"1 of \d+ rows of events.csv were skipped: a wrong number of fields \(1, in line \d+\)"));
    }

    [TestCase("user,item,timestamp\na,x,1\nb,y,2\n", "events.csv: no user has 2 events")]
    [TestCase("user,item,timestamp\na,x,1\na,y,2\na,x,3\n", "events.csv: no user has the 4 events (split validated) that training takes")]
    public void A_file_that_cannot_be_used_leaves_one_line_and_nothing_else(string csv, string message)
    {
        _folder.Write("events.csv", csv);
        Train("--data", "events.csv").AssertFailure(3, message);
        Assert.That(_folder.Entries, Is.EqualTo(new[] { "events.csv" }));
    }

    [Test]
    public void NaN_ends_with_the_step_and_with_tracing_the_operation()
    {
        _folder.Write("events.csv", Events.Usual(users: 200));
        Train("--data", "events.csv", "--set", "optimizer.learning_rate=3e38").AssertFailure(4, "step 2: the loss is NaN; train again with --trace-nan");
        var traced = Train("--data", "events.csv", "--set", "optimizer.learning_rate=3e38", "--trace-nan");
        Assert.That(traced.ExitCode, Is.EqualTo(4));
        Assert.That(traced.ErrorLines[^1], Does.StartWith("largerec: step 1: adamw: the parameter _embedding_module._item_emb.weight"));
    }

    private CliResult Train(params string[] arguments) => CliProcess.Run(_folder.FolderPath, ["train", .. arguments, .. Events.TinyModel]);
}
