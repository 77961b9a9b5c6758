using System.Text;
using LargeRec.Data.Sources;

namespace LargeRec.Data.Events;

/// <summary>
/// Reads MovieLens in the publisher's layout, each file plain or .gz. Items keep their numbers: index = movie id, table rows =
/// largest id + 1, candidates = the ids of the movies file, rated or not. Users get indices by first appearance.
/// </summary>
public static class MovieLensReader
{
    internal const string ApproximateRows = "approximate-rows.txt";

    private const int LargestMovie = 1 << 24;
    private const long LargestSecond = 100_000_000_000;

    private static readonly string[] RatingHeader = ["userId", "movieId", "rating", "timestamp"];

    private static readonly string[] MovieHeader = ["movieId", "title"];

    /// <exception cref="DataFormatException">A file is not what the edition says: the message names the line, the reason and the remedy.</exception>
    public static EventLog Read(FileSource source, MovieLensLayout layout, ReadingOptions? options = null)
    {
        var rows = new Rows(options ?? new ReadingOptions());
        var catalogue = ReadMovies(source, layout, rows);
        var isMovie = new bool[catalogue.TableRows];
        foreach (var movie in catalogue.Candidates)
        {
            isMovie[movie] = true;
        }

        var log = new EventLogBuilder(layout.Name, EventColumns.Times | EventColumns.Ratings);
        var users = new RecurringIds();
        using var reader = Open(source, layout.RatingsFile, layout.Ratings, layout.HasHeaders ? RatingHeader : []);
        rows.ForEach(reader, row =>
        {
            row.RequireFields(4);
            var movie = row.GetInt64(1, "movie");
            if ((ulong)movie >= (ulong)isMovie.Length || !isMovie[movie])
            {
                throw row.Fault($"movie {movie} is not in {layout.MoviesFile}", "fetch both files again", $"the movie is not in {layout.MoviesFile}");
            }

            var seconds = row.GetInt64(3, "time");
            if (seconds is < -LargestSecond or > LargestSecond)
            {
                throw row.WrongType(3, "time", "in seconds");
            }

            var rating = row.GetSingle(2, "rating");
            log.Add(users.GetOrAdd(row.GetId(0, "user")), (int)movie, seconds * 1000, rating);
        }, log);

        if (log.Count == 0)
        {
            throw DataFile.Empty(reader.File);
        }

        foreach (var note in rows.Notes)
        {
            log.Notes.Add(note);
        }

        if (source.Find(ApproximateRows) is { } approximate)
        {
            log.Notes.Add($"approximate times: the rows that {approximate.Name} lists have interpolated times and no rating (0)");
        }

        return log.Build(users.Vocabulary, catalogue);
    }

    private static ItemVocabulary ReadMovies(FileSource source, MovieLensLayout layout, Rows rows)
    {
        var numbers = new List<int>();
        var titles = new List<string?>();
        using var reader = Open(source, layout.MoviesFile, layout.Movies, layout.HasHeaders ? MovieHeader : []);
        rows.ForEach(reader, row =>
        {
            if (row.FieldCount < 2)
            {
                throw row.Fault($"the row has {row.FieldCount} field where a movie and its title are expected", "fetch the file again");
            }

            var number = row.GetInt64(0, "movie");
            if (number is <= 0 or > LargestMovie)
            {
                throw row.WrongType(0, "movie", $"a number of 1 to {LargestMovie}");
            }

            var title = layout.HasHeaders ? row.GetText(1, "title") ?? "" : Encoding.Latin1.GetString(row[1]);
            while (titles.Count <= number)
            {
                titles.Add(null);
            }

            if (titles[(int)number] is not null)
            {
                throw row.Fault($"movie {number} is there twice", "fetch the file again", "a movie is there twice");
            }

            titles[(int)number] = title;
            numbers.Add((int)number);
        });

        return numbers.Count == 0 ? throw DataFile.Empty(reader.File) : ItemVocabulary.Numbered([.. numbers], [.. titles]);
    }

    private static DelimitedReader Open(FileSource source, string name, DelimitedFormat format, string[] header)
        => source.OpenTable(source.Require(name), format, header);
}
