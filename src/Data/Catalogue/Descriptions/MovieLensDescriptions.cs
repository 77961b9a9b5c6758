using LargeRec.Data.Events;

namespace LargeRec.Data.Catalogue.Descriptions;

/// <summary>The editions of MovieLens (GroupLens).</summary>
internal static class MovieLensDescriptions
{
    public static IReadOnlyList<Dataset> All { get; } =
    [
        Describe(MovieLensLayout.MovieLens100K, "MovieLens 100K: film ratings, 1997-1998", 100_000),
        Describe(MovieLensLayout.MovieLens1M, "MovieLens 1M: film ratings, 2000-2003", 1_000_209),
    ];

    private static Dataset Describe(MovieLensLayout layout, string title, long events) => new(layout.Name, title)
    {
        Archives = [$"{layout.Name}.zip"],
        Layouts = [new DatasetLayout("the publisher's layout", [layout.RatingsFile, layout.MoviesFile], (source, options) => MovieLensReader.Read(source, layout, options))],
        PublishedEvents = events,
    };
}
