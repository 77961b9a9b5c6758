using LargeRec.Data.Events;

namespace LargeRec.Data.Catalogue.Descriptions;

/// <summary>Amazon's reviews of 2014 (McAuley et al.): three categories as 5-core, and the ratings of books.</summary>
internal static class AmazonDescriptions
{
    private const string Books = "ratings_Books.csv";

    public static IReadOnlyList<Dataset> All { get; } =
    [
        FiveCore("amazon-beauty", "Amazon Beauty, 5-core: reviews to 2014", "Beauty", "beauty.csv", 198_502),
        FiveCore("amazon-sports", "Amazon Sports and Outdoors, 5-core: reviews to 2014", "Sports_and_Outdoors", "sports.csv", 296_337),
        FiveCore("amazon-toys", "Amazon Toys and Games, 5-core: reviews to 2014", "Toys_and_Games", "toys.csv", 167_597),
        new("amazon-books", "Amazon Books: ratings to 2014, unfiltered")
        {
            OtherFolders = ["amazon"],
            Layouts = [new DatasetLayout("the publisher's layout", [Books],
            (source, options) => AmazonReader.ReadRatings(source, Books, "amazon-books", options))],
            PublishedEvents = 22_507_155,
        },
    ];

    private static Dataset FiveCore(string name, string title, string category, string prepared, long events)
    {
        var reviews = $"reviews_{category}_5.json";
        return new Dataset(name, title)
        {
            OtherFolders = ["amazon"],
            Layouts =
            [
                new DatasetLayout("the publisher's layout", [reviews], (source, options) => AmazonReader.ReadReviews(source, reviews, name, options)),
                new DatasetLayout("the prepared layout (order only)", [prepared],
                (source, options) => AmazonReader.ReadSequences(source, prepared, name, options)),
            ],
            PublishedEvents = events,
        };
    }
}
