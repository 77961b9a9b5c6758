using LargeRec.Engine.Cpu;
using LargeRec.Studies.Definition;
using LargeRec.Studies.Running;

namespace LargeRec.Studies.Tests.Reports;

/// <summary>A study's report as a browser shows it: what should be drawn is drawn, in light and dark, and nothing sticks out, on a screen and a
/// telephone.</summary>
public sealed class StudyReportPictureTests
{
    private TemporaryFolder _folder = null!;
    private string _html = "";

    [OneTimeSetUp]
    public void Make()
    {
        _folder = new TemporaryFolder();
        var study = StudyReader.Read(
            """
            { "study": "scaling", "title": "A study", "base": "synthetic/hstu",
              "axes": { "model.width=model.dqk=model.dv": [4, 8, 16, 32], "training.epochs": [1, 2] },
              "set": { "data.generator.users": 60, "data.generator.items": 40, "data.max_length": 12, "loss.negatives": 8, "training.batch_size": 16,
                "evaluation.bootstrap": 20 } }
            """,
            "study.json");
        var result = new StudyRun(study, StudyFolder.At(_folder["study"]), new StudyOptions { Parallel = 1 }, threads => new CpuDevice(threads)).Execute();
        result.WriteResults();
        _html = File.ReadAllText(result.Folder.ReportPath);
    }

    [OneTimeTearDown]
    public void Stop() => _folder.Dispose();

    [TestCase(1280, false, 0xffffff, 0x0064a6, 0xc25700)]
    [TestCase(1280, true, 0x14171d, 0x62b5ee, 0xf0913f)]
    [TestCase(390, false, 0xffffff, 0x0064a6, 0xc25700)]
    [TestCase(390, true, 0x14171d, 0x62b5ee, 0xf0913f)]
    public void What_should_be_drawn_is_drawn(int width, bool isDark, int ground, int first, int second)
    {
        var browser = new Browser(_folder.FolderPath);
        var (picture, content) = browser.Look(_html, width, isDark);
        var (empty, _) = browser.Look(WithoutCharts(_html), width, isDark);
        Assert.That(content, Is.LessThanOrEqualTo(width), "something sticks out to the right");
        Assert.That(picture[1, 1], Is.EqualTo(((byte)(ground >> 16), (byte)(ground >> 8), (byte)ground)), "the page's own ground");
        Assert.That(picture.Count(first), Is.GreaterThan(400), "marks, intervals and bars in the first colour");
        Assert.That(picture.Count(second), Is.GreaterThan(400), "lines of fits in the second colour");
        Assert.That(empty.Count(first) + empty.Count(second), Is.LessThan(50), "else the colours are not the charts'");
    }

    [Test]
    public void Nothing_is_loaded_and_every_chart_says_what_it_is()
    {
        Assert.That(_html, Does.Not.Contain("http").And.Not.Contain("<script").And.Not.Contain("<link").And.Not.Contain("<img"));
        Assert.That(_html, Does.Contain("NDCG@10 of the test").And.Contain("Speed of training").And.Contain("Memory of the device")
            .And.Contain("fit and its interval"));
        Assert.That(System.Text.RegularExpressions.Regex.Count(_html, "<polygon class=\"band "), Is.GreaterThan(0), "intervals of fits");
    }

    /// <summary>The same page whose charts are there and empty.</summary>
    private static string WithoutCharts(string html) => System.Text.RegularExpressions.Regex.Replace(
        html, "(<svg [^>]*>).*?</svg>|<span class=\"key [^\"]*\">", "$1", System.Text.RegularExpressions.RegexOptions.Singleline);
}
