using System.Text;

namespace LargeRec.Data.Events;

/// <summary>
/// Reads MovieLens 100K and 1M in the publisher's layout, each file plain or .gz. Items keep their numbers: index = movie id, table rows =
/// largest id + 1, candidates = the ids of the movies file, rated or not. Users get indices by first appearance.
/// </summary>
public static class MovieLensReader
{
    private const int LargestMovie = 1 << 24;

    /// <summary>Whether the folder has this edition's ratings and movies.</summary>
    public static bool Exists(string folder, MovieLensLayout layout)
        => DataFile.Find(folder, layout.RatingsFile) is not null && DataFile.Find(folder, layout.MoviesFile) is not null;

    /// <exception cref="DataFormatException">A file is not what the edition says: the message names the line, the reason and the remedy.</exception>
    public static EventLog Read(string folder, MovieLensLayout layout)
    {
        var catalogue = ReadMovies(Require(folder, layout.MoviesFile), layout.MoviesSeparator);
        var ratings = Require(folder, layout.RatingsFile);
        var isMovie = new bool[catalogue.TableRows];
        foreach (var movie in catalogue.Candidates)
        {
            isMovie[movie] = true;
        }

        var log = new EventLogBuilder(layout.Name, EventColumns.Times | EventColumns.Ratings);
        var users = new Vocabulary();
        using var reader = new DelimitedReader(DataFile.Open(ratings), ratings, new DelimitedFormat(layout.RatingsSeparator, Quotes: false));
        while (reader.ReadRow())
        {
            reader.RequireFields(4);
            var movie = reader.GetInt64(1, "movie");
            if ((ulong)movie >= (ulong)isMovie.Length || !isMovie[movie])
            {
                throw reader.Fault($"movie {movie} is not in {layout.MoviesFile}", "fetch both files again");
            }

            var seconds = reader.GetInt64(3, "time");
            if (Math.Abs(seconds / 2) > long.MaxValue / 2000)
            {
                throw reader.WrongType(3, "time", "in seconds");
            }

            if (reader[0].IsEmpty)
            {
                throw reader.Fault("the user is empty", "mend or remove the row");
            }

            log.Add(users.GetOrAdd(reader[0]), (int)movie, seconds * 1000, reader.GetSingle(2, "rating"));
        }

        if (log.Users.Count == 0)
        {
            throw DataFile.Empty(ratings);
        }

        if (DataFile.Find(folder, "approximate-rows.txt") is { } approximate)
        {
            log.Notes.Add($"approximate times: the rows that {Path.GetFileName(approximate)} lists have interpolated times and no rating (0)");
        }

        return log.Build(users, catalogue);
    }

    private static ItemVocabulary ReadMovies(string path, string separator)
    {
        var numbers = new List<int>();
        var titles = new List<string?>();
        using var reader = new DelimitedReader(DataFile.Open(path), path, new DelimitedFormat(separator, Quotes: false));
        while (reader.ReadRow())
        {
            if (reader.FieldCount < 2)
            {
                throw reader.Fault($"the row has {reader.FieldCount} field where a movie and its title are expected", "fetch the file again");
            }

            var number = reader.GetInt64(0, "movie");
            if (number is <= 0 or > LargestMovie)
            {
                throw reader.WrongType(0, "movie", $"a number of 1 to {LargestMovie}");
            }

            while (titles.Count <= number)
            {
                titles.Add(null);
            }

            if (titles[(int)number] is not null)
            {
                throw reader.Fault($"movie {number} is there twice", "fetch the file again");
            }

            titles[(int)number] = Encoding.Latin1.GetString(reader[1]);
            numbers.Add((int)number);
        }

        return numbers.Count == 0 ? throw DataFile.Empty(path) : ItemVocabulary.Numbered([.. numbers], [.. titles]);
    }

    private static string Require(string folder, string name)
        => DataFile.Find(folder, name) ?? throw new DataFormatException(Path.Combine(folder, name), 0, "there is no such file, nor one with .gz behind its name", "unpack the publisher's archive there");
}
