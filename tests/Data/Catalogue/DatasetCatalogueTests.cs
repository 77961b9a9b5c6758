using LargeRec.Data.Catalogue;
using LargeRec.Data.Synthetic;
using LargeRec.Data.Tests.Synthetic;

namespace LargeRec.Data.Tests.Catalogue;

public sealed class DatasetCatalogueTests
{
    [Test]
    public void Opens_the_generated_log()
    {
        var options = new DatasetOptions { Generator = new GeneratorOptions { Users = 10 }, OpenRandomStream = seed => new SplitMix(seed) };
        Assert.That(DatasetCatalogue.Open("synthetic", null, options).UserIds.Count, Is.EqualTo(10));
    }

    [Test]
    public void Opens_a_file()
    {
        using var files = new Files();
        Assert.That(DatasetCatalogue.Open(files.Write("log.tsv", "user\titem\na\tx\n"), null).Count, Is.EqualTo(1));
    }

    [TestCase("ml-100k/")]
    [TestCase("")]
    public void Finds_MovieLens_in_the_data_directory(string folder)
    {
        using var files = new Files();
        files.Write($"{folder}u.data", "1\t2\t3\t881250949\n");
        files.Write($"{folder}u.item", "2|GoldenEye (1995)|x\n");
        Assert.That(DatasetCatalogue.Open("ml-100k", files.Folder).Catalogue.GetTitle(2), Is.EqualTo("GoldenEye (1995)"));
    }

    [Test]
    public void An_unknown_name_is_answered_with_the_nearest()
        => Assert.That(
            () => DatasetCatalogue.Open("ml1m", "/nowhere"),
            Throws.InstanceOf<DatasetNotFoundException>().With.Message.StartsWith("unknown data set 'ml1m': did you mean 'ml-1m'? (known are synthetic, ml-100k, ml-1m, ")
                .And.Message.EndsWith(", or the path of a file of events)"));

    [Test]
    public void A_file_that_is_not_there_is_named()
        => Assert.That(() => DatasetCatalogue.Open("my/log.csv", null), Throws.InstanceOf<DatasetNotFoundException>().With.Message.StartsWith("there is no file 'my/log.csv'"));

    [Test]
    public void Data_that_are_not_there_are_answered_with_where_they_were_looked_for()
    {
        using var files = new Files();
        Assert.That(
            () => DatasetCatalogue.Open("ml-1m", files.Folder),
            Throws.InstanceOf<DatasetNotFoundException>().With.Message.Contains(Path.Combine(files.Folder, "ml-1m")).And.Message.Contains("--data-dir").And.Message.Contains("LARGEREC_DATA"));
        Assert.That(() => DatasetCatalogue.Open("ml-1m", null), Throws.InstanceOf<DatasetNotFoundException>().With.Message.Contains("--data-dir"));
    }
}
