using LargeRec.Data.Catalogue;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Tests.Configuration;

public sealed class EmbeddedConfigurationsTests
{
    private static string Folder { get; } = FindFolder();

    [Test]
    public void Every_file_of_configs_is_embedded()
    {
        var files = Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
            .Select(f => Path.ChangeExtension(Path.GetRelativePath(Folder, f), null).Replace('\\', '/'))
            .Where(name => !name.StartsWith("studies/", StringComparison.Ordinal)).ToArray();
        Assert.That(files, Is.Not.Empty);
        Assert.That(EmbeddedConfigurations.Names, Is.EquivalentTo(files));
    }

    [Test]
    public void Every_named_data_set_has_one_that_names_it()
    {
        foreach (var name in DatasetCatalogue.Names)
        {
            Assert.That(EmbeddedConfigurations.Find(name).Read().Data.Name, Is.EqualTo(name));
        }
    }

    [Test]
    public void MovieLens_20M_has_the_published_setting()
    {
        var configuration = EmbeddedConfigurations.Find("ml-20m").Read();
        var model = configuration.Model;
        Assert.That((model.Layers, model.Width, model.Heads, model.Dqk, model.Dv, model.Dropout), Is.EqualTo((4, 256, 4, 64, 64, 0.2)));
        Assert.That((configuration.Loss.Negatives, configuration.Training.BatchSize, configuration.Training.Epochs), Is.EqualTo((128, 128, 101)));
    }

    [TestCaseSource(nameof(Names))]
    public void Every_file_of_configs_is_read_and_belongs_to_its_folder(string name)
    {
        var read = ConfigurationReader.ReadFile(Path.Combine(Folder, name + ".json"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.Data.Name, Is.EqualTo(name.Split('/')[0]));
            Assert.That(ConfigurationWriter.ToJson(EmbeddedConfigurations.Find(name).Read()), Is.EqualTo(ConfigurationWriter.ToJson(read)));
        }
    }

    [Test]
    public void A_data_set_alone_means_its_hstu()
    {
        Assert.That(EmbeddedConfigurations.Find("ml-1m"), Is.EqualTo(EmbeddedConfigurations.Find("ml-1m/hstu")));
    }

    [Test]
    public void The_defaults_are_the_published_setting_of_ml_1m()
    {
        Assert.That(ConfigurationWriter.ToJson(EmbeddedConfigurations.Find("ml-1m").Read()), Is.EqualTo(ConfigurationWriter.ToJson(new RunConfiguration())));
    }

    [Test]
    public void The_large_model_of_ml_1m_differs_from_the_small_one_as_published()
    {
        var large = EmbeddedConfigurations.Find("ml-1m/hstu-large").Read();
        Assert.That(large.Model, Is.EqualTo(new ModelConfiguration { Layers = 8, Heads = 2, Dqk = 25, Dv = 25 }));
    }

    [TestCase("ml-1n", "there is no configuration 'ml-1n': did you mean 'ml-1m/hstu'?")]
    [TestCase("ml-1m/hstu-larg", "there is no configuration 'ml-1m/hstu-larg': did you mean 'ml-1m/hstu-large'?")]
    [TestCase("qqqqqqqqqqqqqqq/zzzzzzzzzz", "there is no configuration 'qqqqqqqqqqqqqqq/zzzzzzzzzz' (there are amazon-beauty/hstu, ")]
    public void An_unknown_name_is_answered_with_the_nearest(string name, string expected)
    {
        Assert.That(() => EmbeddedConfigurations.Find(name), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith(expected));
    }

    [Test]
    public void Errors_of_overrides_are_errors_of_the_command_line()
    {
        Assert.That(() => EmbeddedConfigurations.Find("ml-1m").Read(["model.layers=0"]),
            Throws.TypeOf<ConfigurationException>().With.Message.EqualTo("--set: model.layers is 0; it must be at least 1"));
    }

    private static IEnumerable<string> Names() => EmbeddedConfigurations.Names;

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LargeRec.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("LargeRec.sln was not found above the test assembly."), "configs");
    }
}
