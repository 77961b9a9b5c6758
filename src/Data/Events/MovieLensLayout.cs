namespace LargeRec.Data.Events;

/// <summary>The publisher's files of one MovieLens edition.</summary>
/// <param name="Name">The data set's name, which is its folder's too.</param>
/// <param name="RatingsFile">Rows of user, movie, rating, seconds.</param>
/// <param name="RatingsSeparator">Between the fields of a rating.</param>
/// <param name="MoviesFile">Rows that begin with movie and title, in Latin-1.</param>
/// <param name="MoviesSeparator">Between the fields of a movie.</param>
public sealed record MovieLensLayout(string Name, string RatingsFile, string RatingsSeparator, string MoviesFile, string MoviesSeparator)
{
    public static MovieLensLayout MovieLens100K { get; } = new("ml-100k", "u.data", "\t", "u.item", "|");

    public static MovieLensLayout MovieLens1M { get; } = new("ml-1m", "ratings.dat", "::", "movies.dat", "::");
}
