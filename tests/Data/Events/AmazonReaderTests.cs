using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;

namespace LargeRec.Data.Tests.Events;

public sealed class AmazonReaderTests
{
    private const string Review = """{"reviewerID": "A1", "asin": "B7", "reviewerName": "x \"y\"", "helpful": [3, 4], """
        + """ "reviewText": "a\nb", "overall": 5.0, "unixReviewTime": 1385337600, "reviewTime": "11 25, 2013"}""";

    [Test]
    public void Ratings_have_no_header()
    {
        using var files = new TemporaryFolder();
        files.Write("amazon-books/ratings_Books.csv", "A2,0001,4.0,1365206400\nA1,0001,5.0,1365206401\n");
        var log = DatasetCatalogue.Open("amazon-books", files.FolderPath);
        Assert.That(log.Users.ToArray(), Is.EqualTo(new[] { 0, 1 }));
        Assert.That(log.Catalogue.GetId(1), Is.EqualTo("0001"));
        Assert.That(log.Times[1], Is.EqualTo(1365206401000));
        Assert.That(log.Ratings[0], Is.EqualTo(4));
        Assert.That(log.Notes, Has.Some.EqualTo("2 events where amazon-books is published with 22507155"));
    }

    [Test]
    public void Reviews_are_a_JSON_object_a_line()
    {
        using var files = new TemporaryFolder();
        files.Write("amazon-beauty/reviews_Beauty_5.json.gz", Packed.Gzip($"{Review}\n{Review.Replace("B7", "B8", StringComparison.Ordinal)}\n"));
        var log = DatasetCatalogue.Open("amazon-beauty", files.FolderPath);
        Assert.That(log.Users.ToArray(), Is.EqualTo(new[] { 0, 0 }));
        Assert.That(log.Catalogue.GetId(2), Is.EqualTo("B8"));
        Assert.That(log.Times[0], Is.EqualTo(1385337600000));
        Assert.That(log.Ratings[0], Is.EqualTo(5));
    }

    [TestCase("{\"reviewerID\": \"A1\"", "the line is not valid JSON")]
    [TestCase("[1]", "the line is no JSON object")]
    [TestCase("{\"asin\": \"B\", \"overall\": 1, \"unixReviewTime\": 1}", "reviewerID is missing or is not a text")]
    [TestCase("{\"reviewerID\": 5, \"asin\": \"B\", \"overall\": 1, \"unixReviewTime\": 1}", "reviewerID is missing or is not a text")]
    [TestCase("{\"reviewerID\": \"A\", \"asin\": \"B\", \"overall\": \"NaN\", \"unixReviewTime\": 1}", "overall is missing or is not a number")]
    [TestCase("{\"reviewerID\": \"A\", \"asin\": \"B\", \"overall\": 1, \"unixReviewTime\": -5}", "unixReviewTime is missing or is not a number of seconds")]
    [TestCase("{\"reviewerID\": \"A\", \"asin\": \"B\", \"overall\": 1, \"unixReviewTime\": 5} 7", "the line is not valid JSON")]
    public void A_bad_review_is_named_or_skipped(string line, string reason)
    {
        using var files = new TemporaryFolder();
        files.Write("amazon-toys/reviews_Toys_and_Games_5.json", $"{Review}\n{line}\n{Review}\n");
        var fault = Assert.Throws<DataFormatException>(() => DatasetCatalogue.Open("amazon-toys", files.FolderPath));
        Assert.That(fault!.Line, Is.EqualTo(2));
        Assert.That(fault.Kind, Is.EqualTo(reason));
        var log = DatasetCatalogue.Open("amazon-toys", files.FolderPath, new DatasetOptions { Reading = new ReadingOptions { SkipBadRows = true } });
        Assert.That(log.Count, Is.EqualTo(2));
        Assert.That(log.Notes, Has.Some.EqualTo($"1 of 3 rows of reviews_Toys_and_Games_5.json were skipped: {reason} (1, in line 2)"));
    }

    [Test]
    public void Of_sequences_only_the_order_is_known_and_must_rise()
    {
        using var files = new TemporaryFolder();
        files.Write("amazon/sports.csv", "user,item,order\na,x,0\nb,x,0\na,y,1\n");
        var log = DatasetCatalogue.Open("amazon-sports", files.FolderPath);
        Assert.That(log.HasTimes, Is.False);
        Assert.That(log.Items.ToArray(), Is.EqualTo(new[] { 1, 1, 2 }));

        files.Write("amazon/sports.csv", "user,item,order\na,x,1\nb,x,0\na,y,0\n");
        Assert.That(
            () => DatasetCatalogue.Open("amazon-sports", files.FolderPath),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains("line 4: order 0 of the user is not after 1; sort the file by user and order"));
    }
}
