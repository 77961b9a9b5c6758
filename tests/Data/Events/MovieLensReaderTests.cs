using System.Text;
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
        using var files = new Files();
        files.Write("movies.dat", Encoding.Latin1.GetBytes(Movies));
        _ = gzipped ? files.Write("ratings.dat.gz", Files.Gzip(Ratings)) : files.Write("ratings.dat", Ratings);

        var log = MovieLensReader.Read(FileSource.OfFolder(files.Folder), MovieLensLayout.MovieLens1M);
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
        using var files = new Files();
        files.Write("movies.dat", Movies);
        files.Write("ratings.dat", Ratings + row);
        var fault = Assert.Throws<DataFormatException>(() => MovieLensReader.Read(FileSource.OfFolder(files.Folder), MovieLensLayout.MovieLens1M));
        Assert.That(fault!.Line, Is.EqualTo(4));
        Assert.That(fault.Reason, Is.EqualTo(reason));
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
