using System.IO.Compression;
using System.Text;
using LargeRec.Data.Tests.Download;

namespace LargeRec.Cli.Tests;

/// <summary>largerec data download as its users run it, against a server of the tests'; the data set is the one without a published checksum.</summary>
public sealed class DataDownloadTests
{
    private const string Dataset = "taobao";

    private static readonly byte[] Archive = Zip("UserBehavior.csv", "1,2,3,pv,1511544070\n");

    private TemporaryFolder _folder = null!;
    private FileServer _server = null!;

    [SetUp]
    public void Create()
    {
        _folder = new TemporaryFolder();
        _server = new FileServer(Archive, "UserBehavior.csv.zip");
    }

    [TearDown]
    public void Delete()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Fetches_shows_the_terms_and_says_where_it_is()
    {
        var result = Download("--accept-terms");
        result.AssertSuccess();
        Assert.That(_folder.Entries, Is.EqualTo(new[] { "data", "data/taobao", "data/taobao/UserBehavior.csv", "data/taobao/download.json" }));
        Assert.That(result.Output, Does.Contain("taobao is in ").And.Contain("(1 file, 20 bytes)").And.Contain("no checksum is published")
            .And.Contain("please cite: "));
        Assert.That(result.Error, Does.Contain("the publisher's terms").And.Contain("agreed to by --accept-terms"));
        Assert.That(result.OutputLines.Concat(result.ErrorLines).Where(l => !l.Contains(_folder.FolderPath, StringComparison.Ordinal)).Max(l => l.Length),
            Is.LessThanOrEqualTo(80));

        var again = Download();
        again.AssertSuccess();
        Assert.That(again.Output, Does.StartWith("taobao is there already: "));
        Assert.That(_server.Requests, Has.Length.EqualTo(1));
    }

    [Test]
    public void Without_a_terminal_the_terms_have_to_be_accepted_by_the_option()
    {
        var result = RunCommand("</dev/null", "data", "download", Dataset, "--data-dir", "data", "--from", _server.Address.ToString());
        result.AssertFailure(2, "pass --accept-terms if you agree");
        Assert.That(_server.Requests, Is.Empty);
        Assert.That(_folder.Entries, Is.Empty);
    }

    [TestCase("y", 0)]
    [TestCase("n", 2)]
    [TestCase("", 2)]
    public void On_a_terminal_it_asks(string answer, int exitCode)
    {
        if (!File.Exists("/usr/bin/script"))
        {
            Assert.Ignore("the program 'script', which makes a terminal, is not installed");
        }

        var command = $"{CliProcess.Host} {CliProcess.AssemblyPath} data download {Dataset} --data-dir data --from {_server.Address}";
        var result = CliProcess.RunProgram("sh", _folder.FolderPath, "-c",
            $"(sleep 1; echo '{answer}'; sleep 2) | env -u http_proxy -u HTTP_PROXY -u ALL_PROXY script -q -e -c '{command}' /dev/null");
        Assert.That(result.Output, Does.Contain("Do you agree? [y/N]"));
        Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.Output);
        Assert.That(Directory.Exists(_folder["data/taobao"]), Is.EqualTo(exitCode == 0));
    }

    [Test]
    public void Ctrl_C_keeps_the_part_and_says_how_to_go_on()
    {
        _server.Then(new ServerPlan { CutAfter = 100, Stalls = true });
        using var process = CliProcess.Start(_folder.FolderPath, Arguments("--accept-terms"));
        var part = new FileInfo(_folder["data/UserBehavior.csv.zip.part"]);
        Assert.That(() => { part.Refresh(); return part.Exists && part.Length == 100; }, Is.True.After(20_000, 20), "100 bytes came");
        process.Signal("TERM");
        var result = process.WaitForEnd();
        result.AssertFailure(130, "stopped");
        Assert.That(result.Error, Does.Contain("UserBehavior.csv.zip.part keeps 100 bytes of ").And.Contain("the same command goes on from there"));

        Download("--accept-terms").AssertSuccess();
        Assert.That(_server.Header(1, "Range"), Is.EqualTo("bytes=100-"));
        Assert.That(_folder.Entries, Has.Some.EqualTo("data/taobao/UserBehavior.csv"));
    }

    [Test]
    public void A_kill_at_any_moment_leaves_all_or_nothing()
    {
        _server.Content = Zip("UserBehavior.csv", string.Concat(Enumerable.Range(0, 400_000).Select(i => $"{i},{i * 7919 % 100_003},3,pv,1511544070\n")));
        for (var milliseconds = 60; milliseconds <= 420; milliseconds += 40)
        {
            using (var process = CliProcess.Start(_folder.FolderPath, Arguments("--accept-terms")))
            {
                Thread.Sleep(milliseconds);
                process.Signal("KILL");
                process.WaitForEnd();
            }

            if (Directory.Exists(_folder["data/taobao"]))
            {
                Assert.That(new FileInfo(_folder["data/taobao/UserBehavior.csv"]).Length, Is.GreaterThan(8_000_000));
                Directory.Delete(_folder["data/taobao"], recursive: true);
            }
        }

        Download("--accept-terms").AssertSuccess();
        Assert.That(_folder.Entries, Is.EqualTo(new[] { "data", "data/taobao", "data/taobao/UserBehavior.csv", "data/taobao/download.json" }));
    }

    [Test]
    public void The_environments_proxy_is_used()
    {
        var result = RunCommand(
            $"http_proxy=http://{_server.Address.Authority}", "data", "download", Dataset, "--data-dir", "data", "--accept-terms", "--from",
            "http://files.example.invalid/UserBehavior.csv.zip");
        result.AssertSuccess();
        Assert.That(_server.Requests[0], Does.StartWith("GET http://files.example.invalid/UserBehavior.csv.zip "));
    }

    [TestCase(2, "there is no data set 'ml-2m' to download: did you mean 'ml-1m'?", "ml-2m", "--data-dir", ".")]
    [TestCase(2, "data download needs a data directory: give --data-dir DIR or set the environment variable LARGEREC_DATA", "ml-1m")]
    [TestCase(2, "taobao has to be fetched by hand: get it at https://", "taobao", "--data-dir", ".", "--accept-terms")]
    [TestCase(3, "--from nope.zip: there is no such file", "ml-1m", "--data-dir", ".", "--accept-terms", "--from", "nope.zip")]
    [TestCase(3, "begins with https:// or http://", "ml-1m", "--data-dir", ".", "--accept-terms", "--from", "ftp://x/ml-1m.zip")]
    public void What_cannot_be_is_one_line(int exitCode, string message, params string[] arguments)
    {
        var result = CliProcess.Run(_folder.FolderPath, ["data", "download", .. arguments]);
        result.AssertFailure(exitCode, message);
        Assert.That(_folder.Entries, Is.Empty);
    }

    [Test]
    public void A_wrong_file_is_refused_with_the_checksums()
    {
        var file = _folder.Write("ml-100k.zip.copy", "not it");
        var result = CliProcess.Run(_folder.FolderPath, "data", "download", "ml-100k", "--data-dir", "data", "--accept-terms", "--from", file);
        result.AssertFailure(3, "this is not the publisher's file: it has 6 bytes, and the published one 4924029");
        Assert.That(_folder.Entries, Is.EqualTo(new[] { "data", "ml-100k.zip.copy" }));
    }

    private string[] Arguments(params string[] more) => ["data", "download", Dataset, "--data-dir", "data", "--from", _server.Address.ToString(), .. more];

    private CliResult Download(params string[] more) => CliProcess.Run(_folder.FolderPath, Arguments(more));

    /// <summary>Runs the command by a shell, with a redirection or variables before it.</summary>
    private CliResult RunCommand(string shell, params string[] arguments)
    {
        var command = $"'{CliProcess.Host}' '{CliProcess.AssemblyPath}' {string.Join(' ', arguments.Select(a => $"'{a}'"))}";
        return CliProcess.RunProgram("sh", _folder.FolderPath, "-c", shell.StartsWith('<') ? $"{command} {shell}" : $"{shell} {command}");
    }

    private static byte[] Zip(string name, string text)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            using var content = zip.CreateEntry(name).Open();
            content.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
