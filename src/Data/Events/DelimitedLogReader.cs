using System.Text;

namespace LargeRec.Data.Events;

/// <summary>
/// Reads any CSV or TSV (plain or .gz) with a header and one event a row. Ids are opaque text and get indices by first appearance:
/// users from 0, items from 1. Every item of the file is a candidate.
/// </summary>
public static class DelimitedLogReader
{
    private const int MostBehaviours = 256;

    /// <exception cref="DataFormatException">The file is not such a log: the message names the line, the reason and the remedy.</exception>
    public static EventLog Read(string path, DelimitedLogOptions? options = null)
    {
        options ??= new DelimitedLogOptions();
        var separator = options.Separator ?? DetectSeparator(path);
        using var reader = new DelimitedReader(DataFile.Open(path), path, new DelimitedFormat(separator.ToString(), Quotes: true));
        if (!reader.ReadRow())
        {
            throw DataFile.Empty(path);
        }

        var columns = new HeaderColumns(path, ReadHeader(reader), options.Columns);
        return new Reading(reader, columns, options).Run();
    }

    private static char DetectSeparator(string path)
    {
        using var reader = new DelimitedReader(DataFile.Open(path), path, new DelimitedFormat("\x01", Quotes: false));
        if (!reader.ReadRow())
        {
            throw DataFile.Empty(path);
        }

        var separator = ',';
        var most = 0;
        foreach (var candidate in ",\t;")
        {
            var count = reader[0].Count((byte)candidate);
            if (count > most)
            {
                (separator, most) = (candidate, count);
            }
        }

        return separator;
    }

    private static string[] ReadHeader(DelimitedReader reader)
    {
        var header = new string[reader.FieldCount];
        for (var column = 0; column < header.Length; column++)
        {
            header[column] = Encoding.UTF8.GetString(reader[column]).Trim();
        }

        return header;
    }

    private sealed class Reading
    {
        private readonly DelimitedReader reader;
        private readonly HeaderColumns columns;
        private readonly int fields;
        private readonly EventLogBuilder log;
        private readonly TimeColumn times;
        private readonly Vocabulary users = new();
        private readonly Vocabulary items = new();
        private readonly Vocabulary behaviours = new();
        private readonly List<string?> titles = [null];

        public Reading(DelimitedReader reader, HeaderColumns columns, DelimitedLogOptions options)
        {
            this.reader = reader;
            this.columns = columns;
            fields = reader.FieldCount;
            times = new TimeColumn(options.TimeUnit);
            var present = (columns.Time >= 0 ? EventColumns.Times : 0) | (columns.Rating >= 0 ? EventColumns.Ratings : 0)
                | (columns.Behaviour >= 0 ? EventColumns.Behaviours : 0);
            log = new EventLogBuilder(reader.File, present);
        }

        public EventLog Run()
        {
            while (reader.ReadRow())
            {
                reader.RequireFields(fields);
                var user = users.GetOrAdd(Id(columns.User, "user"));
                var item = items.GetOrAdd(Id(columns.Item, "item")) + 1;
                if (item == titles.Count)
                {
                    titles.Add(columns.Title >= 0 && !reader[columns.Title].IsEmpty ? Encoding.UTF8.GetString(reader[columns.Title]) : null);
                }

                log.Add(
                    user,
                    item,
                    columns.Time >= 0 ? times.Read(reader, columns.Time) : 0,
                    columns.Rating >= 0 ? reader.GetSingle(columns.Rating, "rating") : 0,
                    columns.Behaviour >= 0 ? Behaviour() : (byte)0);
            }

            if (log.Users.Count == 0)
            {
                throw new DataFormatException(reader.File, 0, "there is a header and no event", "fetch or write it again");
            }

            log.Notes.Add(columns.Note);
            log.Notes.Add(columns.Time >= 0 ? times.Finish(log.Times.Span) : "no time column: events are taken in the order of the file, and models with a time bias cannot use them");
            for (var code = 0; code < behaviours.Count; code++)
            {
                log.BehaviourNames.Add(behaviours.GetText(code));
            }

            return log.Build(users, ItemVocabulary.Dense(items, [.. titles]));
        }

        private ReadOnlySpan<byte> Id(int column, string role)
        {
            var id = reader[column];
            return id.IsEmpty ? throw reader.Fault($"the {role} is empty", "mend or remove the row") : id;
        }

        private byte Behaviour()
        {
            var code = behaviours.GetOrAdd(reader[columns.Behaviour]);
            return code < MostBehaviours
                ? (byte)code
                : throw reader.Fault($"this is the behaviour number {MostBehaviours + 1}", "a behaviour column names a few kinds of action; map another one");
        }
    }
}
