namespace LargeRec.Data.Events;

/// <summary>Goes through the rows of a log's files by the rules of <see cref="ReadingOptions"/>: bad rows, progress, cancellation.</summary>
internal sealed class Rows(ReadingOptions options)
{
    private const long RowsBetweenReports = 1 << 16;

    private long _read;
    private bool _isRead;

    /// <summary>What was left out, file by file: lines for the log's notes.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Gives each row to be read, which must change nothing before it knows that the row is good.</summary>
    /// <exception cref="DataFormatException">A row is bad and bad rows are not to be skipped, or all rows are bad.</exception>
    public void ForEach(TableReader table, Action<TableReader> read)
    {
        var bad = new BadRows();
        var before = _read;
        while (!TryRun(table, read, bad))
        {
        }

        options.Progress?.Report(_read);
        if (bad.Count > 0)
        {
            if (bad.Count == _read - before)
            {
                throw new DataFormatException(table.File, 0, $"no row can be used: {bad.Reasons(table.LineWord)}", "check the columns and the format");
            }

            Notes.Add(bad.Note(table.File, _read - before, table.LineWord));
        }
    }

    private bool TryRun(TableReader table, Action<TableReader> read, BadRows bad)
    {
        try
        {
            while (table.ReadRow())
            {
                if (_read++ % RowsBetweenReports == 0)
                {
                    options.Cancellation.ThrowIfCancellationRequested();
                    options.Progress?.Report(_read);
                }

                _isRead = true;
                read(table);
                _isRead = false;
            }

            return true;
        }
        catch (DataFormatException fault) when (options.SkipBadRows && fault.IsOfRow)
        {
            // A row that could not even be cut into fields is counted here.
            _read += _isRead ? 0 : 1;
            _isRead = false;
            bad.Add(fault);
            table.Recover();
            return false;
        }
    }
}
