using System.Buffers.Text;
using System.Text;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Events;

/// <summary>
/// Writes a log in the layout of MovieLens 20M and 32M: <c>ratings.csv</c> (userId,movieId,rating,timestamp in seconds) and <c>movies.csv</c>
/// (movieId,title,genres), with users numbered from 1 and items by their index. What the layout has no place for is left out.
/// </summary>
public static class MovieLensWriter
{
    private const int BytesAPiece = 1 << 16;

    /// <param name="log">With times and ratings.</param>
    /// <param name="folder">Made where it is not there; each file is written whole or not at all.</param>
    /// <param name="genre">Name of the item attribute that becomes the genre; without it <c>(no genres listed)</c>.</param>
    /// <param name="cancellation">Leaves no part of a file.</param>
    /// <exception cref="ArgumentException">The log has no times or no ratings.</exception>
    public static void Write(EventLog log, string folder, string genre = "category", CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (!log.HasTimes || !log.HasRatings)
        {
            throw new ArgumentException($"{log.Name}: the layout of MovieLens needs times and ratings");
        }

        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, "movies.csv"), stream => WriteMovies(log, stream, genre));
        AtomicFile.Write(Path.Combine(folder, "ratings.csv"), stream => WriteRatings(log, stream, cancellation));
    }

    private static void WriteMovies(EventLog log, Stream stream, string genre)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n" };
        writer.WriteLine("movieId,title,genres");
        var genres = log.ItemInformation.FirstOrDefault(attribute => attribute.Name == genre);
        foreach (var item in log.Catalogue.Candidates)
        {
            writer.WriteLine(FormattableString.Invariant(
                $"{item},{Quoted(log.Catalogue.GetTitle(item) ?? log.Catalogue.GetId(item))},{Quoted(genres?[item] ?? "(no genres listed)")}"));
        }
    }

    private static void WriteRatings(EventLog log, Stream stream, CancellationToken cancellation)
    {
        stream.Write("userId,movieId,rating,timestamp\r\n"u8);
        var buffer = new byte[BytesAPiece];
        var used = 0;
        var users = log.Users;
        var items = log.Items;
        var ratings = log.Ratings;
        var times = log.Times;
        for (var i = 0; i < users.Length; i++)
        {
            if (buffer.Length - used < 128)
            {
                cancellation.ThrowIfCancellationRequested();
                stream.Write(buffer, 0, used);
                used = 0;
            }

            Number(buffer, ref used, users[i] + 1L, ',');
            Number(buffer, ref used, items[i], ',');
            Utf8Formatter.TryFormat(ratings[i], buffer.AsSpan(used), out var length, new System.Buffers.StandardFormat('F', 1));
            used += length;
            buffer[used++] = (byte)',';
            Number(buffer, ref used, Floor.Divide(times[i], 1000), '\r');
            buffer[used++] = (byte)'\n';
        }

        stream.Write(buffer, 0, used);
    }

    private static void Number(byte[] buffer, ref int used, long value, char after)
    {
        Utf8Formatter.TryFormat(value, buffer.AsSpan(used), out var length);
        used += length;
        buffer[used++] = (byte)after;
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
