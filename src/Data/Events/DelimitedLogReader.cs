namespace LargeRec.Data.Events;

/// <summary>
/// Reads any CSV or TSV (plain or .gz) with one event a row. Ids are opaque text and get indices by first appearance:
/// users from 0, items from 1. Every item of the file is a candidate.
/// </summary>
public static class DelimitedLogReader
{
    private const string Separators = ",\t;|";

    /// <exception cref="DataFormatException">The file is not such a log: the message names the line, the reason and the remedy.</exception>
    public static EventLog Read(string path, DelimitedLogOptions? options = null, ReadingOptions? reading = null)
        => Read(() => DataFile.Open(path), path, options ?? new DelimitedLogOptions(), reading ?? new ReadingOptions(), DataFile.LengthUnpacked(path));

    /// <param name="open">Opens the file's bytes, unpacked; called twice where the separator is to be found out.</param>
    /// <param name="name">The file's name for messages.</param>
    /// <param name="options">Columns and time unit.</param>
    /// <param name="reading">Bad rows, progress, cancellation.</param>
    /// <param name="length">Bytes that will be read, or 0 where that is not known.</param>
    internal static EventLog Read(Func<Stream> open, string name, DelimitedLogOptions options, ReadingOptions reading, long length)
    {
        var format = options.Separator is { } given ? new DelimitedFormat(given.ToString(), Quotes: true) : DetectFormat(open, name);
        using var reader = new DelimitedReader(open(), name, format) { ExpectedBytes = length };
        return TableLog.Read(reader, options, reading);
    }

    private static DelimitedFormat DetectFormat(Func<Stream> open, string name)
    {
        using var reader = new DelimitedReader(open(), name, new DelimitedFormat("\x01", Quotes: false));
        if (!reader.ReadRow())
        {
            throw DataFile.Empty(name);
        }

        var separator = ',';
        var most = 0;
        foreach (var candidate in Separators)
        {
            var count = reader[0].Count((byte)candidate);
            if (count > most)
            {
                (separator, most) = (candidate, count);
            }
        }

        // MovieLens 1M and its like.
        return most == 0 && reader[0].IndexOf("::"u8) >= 0 ? new DelimitedFormat("::", Quotes: false) : new DelimitedFormat(separator.ToString(), Quotes: true);
    }
}
