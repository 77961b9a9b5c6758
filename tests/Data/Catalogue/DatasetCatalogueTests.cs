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
        using var files = new TemporaryFolder();
        Assert.That(DatasetCatalogue.Open(files.Write("log.tsv", "user\titem\na\tx\n"), null).Count, Is.EqualTo(1));
    }

    [TestCase("ml-100k/")]
    [TestCase("")]
    public void Finds_MovieLens_in_the_data_directory(string folder)
    {
        using var files = new TemporaryFolder();
        files.Write($"{folder}u.data", "1\t2\t3\t881250949\n");
        files.Write($"{folder}u.item", "2|GoldenEye (1995)|x\n");
        Assert.That(DatasetCatalogue.Open("ml-100k", files.FolderPath).Catalogue.GetTitle(2), Is.EqualTo("GoldenEye (1995)"));
    }

    [Test]
    public void Tells_where_a_data_set_lies_and_which_files_are_read()
    {
        using var files = new TemporaryFolder();
        var ratings = files.Write("ml-1m/deep/ratings.dat.gz", Packed.Gzip("1::2::3::881250949\n"));
        var movies = files.Write("ml-1m/movies.dat", "2::GoldenEye (1995)::x\n");
        files.Write("ml-1m/README", "x");
        Assert.That(DatasetCatalogue.Locate("ml-1m", files.FolderPath), Is.EqualTo(Path.Combine(files.FolderPath, "ml-1m")));
        Assert.That(DatasetCatalogue.SourceFiles("ml-1m", files.FolderPath).Files, Is.EquivalentTo(new[] { ratings, movies }));
        Assert.That(DatasetCatalogue.SourceFiles(movies, null).Files, Is.EqualTo(new[] { movies }));
        Assert.That(DatasetCatalogue.SourceFiles("synthetic", null).Files, Is.Empty);
        Assert.That(DatasetCatalogue.Locate("ml-20m", files.FolderPath), Is.Null);
        Assert.That(DatasetCatalogue.Locate("nope", files.FolderPath), Is.Null);
        Assert.That(() => DatasetCatalogue.SourceFiles("ml-20m", files.FolderPath), Throws.InstanceOf<DatasetNotFoundException>());
    }

    [Test]
    public void An_unpacked_folder_goes_before_an_archive_beside_it()
    {
        using var files = new TemporaryFolder();
        files.Write("ml-100k/u.data", "1\t2\t3\t881250949\n");
        files.Write("ml-100k/u.item", "2|GoldenEye (1995)|x\n");
        files.Write("ml-100k.zip", "damaged");
        var archive = files.Write("ml-1m/ml-1m.zip", "not opened");
        Assert.That(DatasetCatalogue.Locate("ml-1m", files.FolderPath), Is.EqualTo(archive));
        Assert.That(DatasetCatalogue.Locate("ml-100k", files.FolderPath), Is.EqualTo(Path.Combine(files.FolderPath, "ml-100k")));
    }

    [Test]
    public void Every_name_is_there_once()
        => Assert.That(DatasetCatalogue.Names, Is.Unique.And.Not.Contain("csv"));

    [Test]
    public void An_unknown_name_is_answered_with_the_nearest()
        => Assert.That(
            () => DatasetCatalogue.Open("ml1m", "/nowhere"),
            Throws.InstanceOf<DatasetNotFoundException>()
            .With.Message.StartsWith("unknown data set 'ml1m': did you mean 'ml-1m'? (known are synthetic, ml-100k, ml-1m, ")
                .And.Message.EndsWith(", or the path of a file of events)"));

    [Test]
    public void A_file_that_is_not_there_is_named()
        => Assert.That(() => DatasetCatalogue.Open("my/log.csv", null), Throws.InstanceOf<DatasetNotFoundException>()
            .With.Message.StartsWith("there is no file 'my/log.csv'"));

    [Test]
    public void Data_that_are_not_there_are_answered_with_where_they_were_looked_for()
    {
        using var files = new TemporaryFolder();
        Assert.That(
            () => DatasetCatalogue.Open("ml-1m", files.FolderPath),
            Throws.InstanceOf<DatasetNotFoundException>().With.Message.Contains(Path.Combine(files.FolderPath, "ml-1m")).And.Message.Contains("--data-dir")
            .And.Message.Contains("LARGEREC_DATA"));
        Assert.That(() => DatasetCatalogue.Open("ml-1m", null), Throws.InstanceOf<DatasetNotFoundException>().With.Message.Contains("--data-dir"));
    }
}
