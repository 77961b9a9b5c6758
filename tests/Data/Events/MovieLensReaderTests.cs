using System.Text;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;
using LargeRec.Data.Sources;

namespace LargeRec.Data.Tests.Events;

public sealed class MovieLensReaderTests
{
    private const string Ratings = "5::7::4::978300019\n2::3::5::978300055\n5::3::1::978300055\n";
    private const string Movies = "3::Léon: A \"Film\" (1994)::Drama\n7::B (1995)::War\n9::Unrated (1996)::War\n";

    [TestCase(false)]
    [TestCase(true)]
    public void Items_keep_their_numbers_and_unrated_movies_are_candidates(bool gzipped)
    {
        using var files = new TemporaryFolder();
        files.Write("movies.dat", Encoding.Latin1.GetBytes(Movies));
        _ = gzipped ? files.Write("ratings.dat.gz", Packed.Gzip(Ratings)) : files.Write("ratings.dat", Ratings);

        var log = MovieLensReader.Read(FileSource.OfFolder(files.FolderPath), MovieLensLayout.MovieLens1M);
        Assert.That(log.Users.ToArray(), Is.EqualTo(new[] { 0, 1, 0 }));
        Assert.That(log.UserIds.GetText(0), Is.EqualTo("5"));
        Assert.That(log.Items.ToArray(), Is.EqualTo(new[] { 7, 3, 3 }));
        Assert.That(log.Times[0], Is.EqualTo(978300019000));
        Assert.That(log.Catalogue.TableRows, Is.EqualTo(10));
        Assert.That(log.Catalogue.Candidates.ToArray(), Is.EqualTo(new[] { 3, 7, 9 }));
        Assert.That(log.Catalogue.GetTitle(3), Is.EqualTo("Léon: A \"Film\" (1994)"));
    }

    [TestCase("5::8::4::978300019\n", "movie 8 is not in movies.dat")]
    [TestCase("5::7::4\n", "the row has 3 fields where 4 are expected")]
    [TestCase("5::7::nan::978300019\n", "rating 'nan' is not a finite number")]
    [TestCase("5::x::4::978300019\n", "movie 'x' is not an integer")]
    [TestCase("5::7::4::99999999999999999\n", "time '99999999999999999' is not in seconds")]
    public void A_bad_rating_is_named_with_its_line(string row, string reason)
    {
        using var files = new TemporaryFolder();
        files.Write("movies.dat", Movies);
        files.Write("ratings.dat", Ratings + row);
        var fault = Assert.Throws<DataFormatException>(() => MovieLensReader.Read(FileSource.OfFolder(files.FolderPath), MovieLensLayout.MovieLens1M));
        Assert.That(fault!.Line, Is.EqualTo(4));
        Assert.That(fault.Reason, Is.EqualTo(reason));
    }

    [TestCase("ml-20m")]
    [TestCase("ml-32m")]
    public void The_editions_with_headers_are_UTF_8_with_quoted_titles(string name)
    {
        using var files = new TemporaryFolder();
        files.Write($"{name}.zip", Packed.Zip(
            ($"{name}/ratings.csv", Packed.Utf8("userId,movieId,rating,timestamp\n1,2,3.5,1112486027\n7,131262,4.0,1112484676\n")),
            ($"{name}/movies.csv",
            Packed.Utf8("movieId,title,genres\n2,\"Cité, \"\"La\"\" (1995)\",Drama\n3,Unrated (1996),War\n131262,Last (2015),(no genres listed)\n"))));
        var log = DatasetCatalogue.Open(name, files.FolderPath);
        Assert.That(log.Items.ToArray(), Is.EqualTo(new[] { 2, 131262 }));
        Assert.That(log.Ratings.ToArray(), Is.EqualTo(new[] { 3.5f, 4 }));
        Assert.That(log.Times[0], Is.EqualTo(1112486027000));
        Assert.That(log.Catalogue.GetTitle(2), Is.EqualTo("Cité, \"La\" (1995)"));
        Assert.That(log.Catalogue.Candidates.ToArray(), Is.EqualTo(new[] { 2, 3, 131262 }));
        Assert.That(log.Notes[0], Is.EqualTo($"{name}: read from {files.FolderPath}/{name}.zip in the publisher's layout"));
        Assert.That(log.Notes[1], Does.StartWith($"2 events where {name} is published with "));
    }

    [Test]
    public void Ratings_with_another_header_are_refused()
    {
        using var files = new TemporaryFolder();
        files.Write("ml-20m/ratings.csv", "user,movie,rating,time\n1,2,3.5,1112486027\n");
        files.Write("ml-20m/movies.csv", "movieId,title,genres\n2,A,x\n");
        Assert.That(
            () => DatasetCatalogue.Open("ml-20m", files.FolderPath),
            Throws.InstanceOf<DataFormatException>()
            .With.Message.Contains("ratings.csv, line 1: the first line does not begin with userId,movieId,rating,timestamp"));
    }

    [TestCase("ml-100k", 943, 1682, 1682, 1683, 100_000)]
    [TestCase("ml-1m", 6040, 3706, 3883, 3953, 1_000_209)]
    public void Real_editions_have_the_published_counts(string name, int users, int rated, int candidates, int rows, int events)
    {
        var layout = name == "ml-1m" ? MovieLensLayout.MovieLens1M : MovieLensLayout.MovieLens100K;
        var log = MovieLensReader.Read(FileSource.OfFolder(Path.Combine(RealData.Folder(), name)), layout);
        Assert.That(log.UserIds.Count, Is.EqualTo(users));
        Assert.That(log.Items.ToArray().Distinct().Count(), Is.EqualTo(rated));
        Assert.That(log.Catalogue.Candidates.Length, Is.EqualTo(candidates));
        Assert.That(log.Catalogue.TableRows, Is.EqualTo(rows));
        Assert.That(log.Count, Is.EqualTo(events));
        Assert.That(log.Catalogue.GetTitle(1), Is.EqualTo("Toy Story (1995)"));
    }
}
