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
        private readonly DelimitedReader _reader;
        private readonly HeaderColumns _columns;
        private readonly int _fields;
        private readonly EventLogBuilder _log;
        private readonly TimeColumn _times;
        private readonly Vocabulary _users = new();
        private readonly Vocabulary _items = new();
        private readonly Vocabulary _behaviours = new();
        private readonly List<string?> _titles = [null];

        public Reading(DelimitedReader reader, HeaderColumns columns, DelimitedLogOptions options)
        {
            _reader = reader;
            _columns = columns;
            _fields = reader.FieldCount;
            _times = new TimeColumn(options.TimeUnit);
            var present = (columns.Time >= 0 ? EventColumns.Times : 0) | (columns.Rating >= 0 ? EventColumns.Ratings : 0)
                | (columns.Behaviour >= 0 ? EventColumns.Behaviours : 0);
            _log = new EventLogBuilder(reader.File, present);
        }

        public EventLog Run()
        {
            while (_reader.ReadRow())
            {
                _reader.RequireFields(_fields);
                var user = _users.GetOrAdd(Id(_columns.User, "user"));
                var item = _items.GetOrAdd(Id(_columns.Item, "item")) + 1;
                if (item == _titles.Count)
                {
                    _titles.Add(_columns.Title >= 0 && !_reader[_columns.Title].IsEmpty ? Encoding.UTF8.GetString(_reader[_columns.Title]) : null);
                }

                _log.Add(
                    user,
                    item,
                    _columns.Time >= 0 ? _times.Read(_reader, _columns.Time) : 0,
                    _columns.Rating >= 0 ? _reader.GetSingle(_columns.Rating, "rating") : 0,
                    _columns.Behaviour >= 0 ? Behaviour() : (byte)0);
            }

            if (_log.Users.Count == 0)
            {
                throw new DataFormatException(_reader.File, 0, "there is a header and no event", "fetch or write it again");
            }

            _log.Notes.Add(_columns.Note);
            _log.Notes.Add(_columns.Time >= 0 ? _times.Finish(_log.Times.Span) : "no time column: events are taken in the order of the file, and models with a time bias cannot use them");
            for (var code = 0; code < _behaviours.Count; code++)
            {
                _log.BehaviourNames.Add(_behaviours.GetText(code));
            }

            return _log.Build(_users, ItemVocabulary.Dense(_items, [.. _titles]));
        }

        private ReadOnlySpan<byte> Id(int column, string role)
        {
            var id = _reader[column];
            return id.IsEmpty ? throw _reader.Fault($"the {role} is empty", "mend or remove the row") : id;
        }

        private byte Behaviour()
        {
            var code = _behaviours.GetOrAdd(_reader[_columns.Behaviour]);
            return code < MostBehaviours
                ? (byte)code
                : throw _reader.Fault($"this is the behaviour number {MostBehaviours + 1}", "a behaviour column names a few kinds of action; map another one");
        }
    }
}
