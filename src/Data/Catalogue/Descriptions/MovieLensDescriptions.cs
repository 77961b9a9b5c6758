using LargeRec.Data.Events;

namespace LargeRec.Data.Catalogue.Descriptions;

/// <summary>The editions of MovieLens (GroupLens).</summary>
internal static class MovieLensDescriptions
{
    public static IReadOnlyList<Dataset> All { get; } =
    [
        Describe(MovieLensLayout.MovieLens100K, "MovieLens 100K: film ratings, 1997-1998", 100_000),
        Describe(MovieLensLayout.MovieLens1M, "MovieLens 1M: film ratings, 2000-2003", 1_000_209),
        Describe(MovieLensLayout.MovieLens20M, "MovieLens 20M: film ratings, 1995-2015", 20_000_263),
        Describe(MovieLensLayout.MovieLens32M, "MovieLens 32M: film ratings, 1995-2023", 32_000_204),
    ];

    private static Dataset Describe(MovieLensLayout layout, string title, long events) => new(layout.Name, title)
    {
        Archives = [$"{layout.Name}.zip"],
        Layouts =
        [
            new DatasetLayout("the publisher's layout", [layout.RatingsFile, layout.MoviesFile],
                (source, options) => MovieLensReader.Read(source, layout, options))
            {
                OptionalFiles = [MovieLensReader.ApproximateRows],
            },
        ],
        PublishedEvents = events,
    };
}
