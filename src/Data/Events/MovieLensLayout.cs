namespace LargeRec.Data.Events;

/// <summary>The publisher's files of one MovieLens edition.</summary>
/// <param name="Name">The data set's name, which is its folder's too.</param>
/// <param name="RatingsFile">Rows of user, movie, rating, seconds.</param>
/// <param name="Ratings">How a rating is cut into fields.</param>
/// <param name="MoviesFile">Rows that begin with movie and title.</param>
/// <param name="Movies">How a movie is cut into fields.</param>
/// <param name="HasHeaders">Whether the files begin with a line of column names; those editions are UTF-8, the older ones Latin-1.</param>
public sealed record MovieLensLayout(string Name, string RatingsFile, DelimitedFormat Ratings, string MoviesFile, DelimitedFormat Movies, bool HasHeaders)
{
    public static MovieLensLayout MovieLens100K { get; } = Old("ml-100k", "u.data", "\t", "u.item", "|");

    public static MovieLensLayout MovieLens1M { get; } = Old("ml-1m", "ratings.dat", "::", "movies.dat", "::");

    public static MovieLensLayout MovieLens20M { get; } = New("ml-20m");

    public static MovieLensLayout MovieLens32M { get; } = New("ml-32m");

    private static MovieLensLayout Old(string name, string ratings, string ratingsSeparator, string movies, string moviesSeparator)
        => new(name, ratings, new DelimitedFormat(ratingsSeparator, Quotes: false), movies, new DelimitedFormat(moviesSeparator, Quotes: false),
            HasHeaders: false);

    private static MovieLensLayout New(string name)
        => new(name, "ratings.csv", DelimitedFormat.Comma, "movies.csv", DelimitedFormat.Comma, HasHeaders: true);
}
