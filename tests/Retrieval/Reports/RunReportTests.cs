using System.Text.RegularExpressions;
using System.Xml.Linq;
using LargeRec.Retrieval.Reports;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Tests.Reports;

public sealed class RunReportTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TemporaryFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [Test]
    public void It_is_one_well_formed_file_that_loads_nothing()
    {
        var html = RunReport.ToHtml(SmallRun.Finished(_folder["a"]));
        var page = XDocument.Parse(html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        Assert.That(html, Does.StartWith("<!DOCTYPE html>\n"));
        Assert.That(page.Descendants().Select(e => e.Name.LocalName), Has.None.AnyOf("script", "link", "img", "iframe", "object", "embed", "image", "use"));
        Assert.That(page.Descendants().Attributes().Select(a => a.Name.LocalName), Has.None.AnyOf("src", "href", "srcset", "style", "onload"));
        Assert.That(Regex.IsMatch(html, @"https?:|url\(|@import"), Is.False);
        Assert.That(html, Does.Contain("prefers-color-scheme: dark"));
    }

    [Test]
    public void It_shows_metrics_beside_the_floors_curves_and_how_to_do_it_again()
    {
        var page = Page(SmallRun.Finished(_folder["a"]));
        var row = page.Descendants("tr").Single(tr => tr.Elements().First().Value == "NDCG@10");
        Assert.That(row.Elements().Select(cell => cell.Value), Is.EqualTo(new[] { "NDCG@10", "0.2500", "0.2300 to 0.2700", "0.0500", "0.1000", "0.2600" }));
        Assert.That(page.Descendants("span").Where(s => (string?)s.Attribute("class") == "note").Select(s => s.Value), Has.Some.EqualTo("2.50 times markov"));
        Assert.That(page.Descendants("strong").Select(s => s.Value),
            Is.EqualTo(new[] { "Training loss", "HR@10 by epoch", "NDCG@10 by epoch", "MRR by epoch", "Speed of the training steps" }));
        Assert.That(page.Descendants("title").Select(t => t.Value), Has.Some.EqualTo("validation, epoch 2: 0.1")
            .And.Some.EqualTo("the weights tested, epoch 3: 0.26"));
        Assert.That(page.Descendants("p").Select(p => p.Value), Has.Some.Contains(SmallRun.Protocol));
        Assert.That(page.Descendants("code").Single().Value, Does.Contain($"largerec train --config {_folder["a/config.json"]}"));
        Assert.That(page.Descendants("tr").Select(tr => tr.Value), Has.Some.EqualTo("model.layers2").And.Some.StartsWith("devicecpu, 2 threads, 256 bits"));
    }

    [Test]
    public void The_same_folder_gives_the_same_bytes_in_its_file()
    {
        var run = SmallRun.Finished(_folder["a"]);
        Assert.That(RunReport.Write(run), Is.EqualTo(run.ReportPath));
        var first = File.ReadAllBytes(run.ReportPath);
        RunReport.Write(run);
        Assert.That(File.ReadAllBytes(run.ReportPath), Is.EqualTo(first));
    }

    [Test]
    public void A_run_that_is_not_finished_gets_what_there_is()
    {
        var page = Page(SmallRun.Unfinished(_folder["a"]));
        Assert.That(page.Descendants("p").First().Value, Is.EqualTo("Not finished: 3 of 5 epochs trained, nothing tested yet."));
        Assert.That(page.Descendants("svg").Count(), Is.EqualTo(5));
    }

    [Test]
    public void Names_from_files_cannot_leave_their_place()
    {
        var run = SmallRun.Finished(_folder["a <b> & 'c'"], protocol: "<script>alert(1)</script>", file: "<i>.csv");
        var page = Page(run);
        Assert.That(page.Descendants("script"), Is.Empty);
        Assert.That(page.Descendants("h1").Single().Value, Is.EqualTo("a <b> & 'c': HSTU on <i>.csv"));
        Assert.That(page.Descendants("code").Single().Value, Does.Contain(@"a <b> & '\''c'\'''"));
    }

    [Test]
    public void A_folder_that_cannot_be_read_is_an_error()
    {
        var run = SmallRun.Finished(_folder["a"]);
        File.WriteAllText(run.MetricsPath, "nonsense\n");
        Assert.That(() => RunReport.Write(run), Throws.InstanceOf<RunFolderException>().With.Message.Contains("metrics.jsonl line 1"));
        Assert.That(File.Exists(run.ReportPath), Is.False);
    }

    private static XDocument Page(RunFolder run) => XDocument.Parse(RunReport.ToHtml(run).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
}
