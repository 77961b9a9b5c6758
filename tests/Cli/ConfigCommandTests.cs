using System.Text.Json;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Cli.Tests;

public sealed class ConfigCommandTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _folder = new TemporaryFolder();
        _folder.Write("mine.json", """{ "$schema": "largerec.schema.json", "model": { "layers": 8 } }""");
        _folder.Write("run/config.json", """{ "training": { "epochs": 3 } }""");
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Show_resolves_names_files_and_runs()
    {
        Assert.That(Config("show", "ml-1m").Output, Is.EqualTo(ConfigurationWriter.ToJson(new RunConfiguration())));
        Assert.That(ConfigurationReader.Read(Config("show", "mine.json", "--set", "model.width=64").Output, "shown").Model,
            Is.EqualTo(new ModelConfiguration { Layers = 8, Width = 64 }));
        Assert.That(ConfigurationReader.Read(Config("show", "run").Output, "shown").Training.Epochs, Is.EqualTo(3));
    }

    [Test]
    public void Diff_names_the_keys_and_both_values()
    {
        Assert.That(Config("diff", "ml-1m", "mine.json").OutputLines, Is.EqualTo(new[] { "key           ml-1m  mine.json", "model.layers  2      8" }));
        Assert.That(Config("diff", "ml-1m", "ml-1m/hstu").Output, Is.EqualTo("no key differs\n"));
        Assert.That(Config("diff", "run", "ml-1m").Output, Does.Contain("training.epochs  3    101"));
    }

    [Test]
    public void List_names_all_that_come_with_the_program()
    {
        var lines = Config("list").OutputLines;
        Assert.That(lines.Skip(1).Select(line => line.Split(' ')[0]), Is.EqualTo(EmbeddedConfigurations.Names));
        Assert.That(lines.Max(line => line.Length), Is.LessThanOrEqualTo(80));
        Assert.That(lines, Has.Some.EndsWith("HSTU as published on MovieLens 1M"));
    }

    [Test]
    public void Schema_is_one_json_document()
    {
        using var document = JsonDocument.Parse(Config("schema").Output);
        Assert.That(document.RootElement.GetProperty("properties").GetProperty("model").GetProperty("properties").GetProperty("layers").GetProperty("default")
            .GetInt32(), Is.EqualTo(2));
    }

    [TestCase("config needs a command: list, show, diff, schema (see largerec config --help)")]
    [TestCase("there is no command 'config shw': did you mean 'show'? (see largerec config --help)", "shw")]
    [TestCase("config show takes no further argument 'x'", "show", "ml-1m", "x")]
    [TestCase("config show has no option '--sett': did you mean '--set'?", "show", "ml-1m", "--sett", "x")]
    [TestCase("there is no configuration 'ml-2m': did you mean 'ml-1m/hstu'?", "show", "ml-2m")]
    [TestCase("unknown key 'model.layerz': did you mean 'model.layers'?", "show", "ml-1m", "--set", "model.layerz=1")]
    [TestCase("nope.json: there is no such file", "diff", "ml-1m", "nope.json")]
    public void What_cannot_be_shown_is_said_in_one_line(string message, params string[] arguments) =>
        CliProcess.Run(_folder.FolderPath, ["config", .. arguments]).AssertFailure(2, message);

    private CliResult Config(params string[] arguments)
    {
        var result = CliProcess.Run(_folder.FolderPath, ["config", .. arguments]);
        result.AssertSuccess();
        return result;
    }
}
