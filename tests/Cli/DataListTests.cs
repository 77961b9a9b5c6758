using System.Text.Json;

namespace LargeRec.Cli.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class DataListTests
{
    [Test]
    public void The_table_fits_80_columns_and_says_what_is_here()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data/ml-1m/ratings.dat", "1::1::1::1\n");
        folder.Write("data/ml-1m/movies.dat", "1::One::Drama\n");
        Directory.CreateDirectory(folder["data/ml-20m"]);
        var result = CliProcess.Run(folder.FolderPath, "data", "list", "--data-dir", "data");
        result.AssertSuccess();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.OutputLines.Where(l => !l.StartsWith("here:", StringComparison.Ordinal)).Max(l => l.Length), Is.LessThanOrEqualTo(80));
            Assert.That(result.Output, Does.Match(@"ml-1m +6,040 +3,883 +1,000,209 +no commerce +yes +yes\n"));
            Assert.That(result.Output, Does.Match(@"ml-20m +138,493 +27,278 +20,000,263 +no commerce +yes\n"));
            Assert.That(result.Output, Does.Match(@"taobao .*by hand\n"));
            Assert.That(result.Output, Does.Contain("ml-1m: ml-1m\n"));
        }
    }

    [Test]
    public void Json_has_everything_and_null_for_what_is_unknown()
    {
        using var folder = new TemporaryFolder();
        var result = CliProcess.Run(folder.FolderPath, "data", "list", "--format", "json");
        result.AssertSuccess();
        using var document = JsonDocument.Parse(result.Output);
        var row = document.RootElement.EnumerateArray().Single(r => r.GetProperty("name").GetString() == "ml-20m");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.GetProperty("events").GetInt64(), Is.EqualTo(20_000_263));
            Assert.That(row.GetProperty("download").GetString(), Is.EqualTo("https://files.grouplens.org/datasets/movielens/ml-20m.zip"));
            Assert.That(row.GetProperty("bytes").GetInt64(), Is.EqualTo(198_702_078));
            Assert.That(row.GetProperty("location").ValueKind, Is.EqualTo(JsonValueKind.Null));
        }
    }

    [Test]
    public void Csv_has_a_header_and_a_line_each()
    {
        using var folder = new TemporaryFolder();
        var result = CliProcess.Run(folder.FolderPath, "data", "list", "--format", "csv");
        result.AssertSuccess();
        Assert.That(result.OutputLines[0], Does.StartWith("name,title,users,items,events,terms,"));
        Assert.That(result.OutputLines, Has.Some.StartsWith("ml-100k,MovieLens 100K,943,1682,100000,"));
    }

    [Test]
    public void An_unknown_format_is_one_line()
    {
        using var folder = new TemporaryFolder();
        CliProcess.Run(folder.FolderPath, "data", "list", "--format", "xml").AssertFailure(2, "--format xml: take table, csv or json");
    }
}
