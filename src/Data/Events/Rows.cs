namespace LargeRec.Data.Events;

/// <summary>Goes through the rows of a log's files by the rules of <see cref="ReadingOptions"/>: bad rows, progress, cancellation.</summary>
internal sealed class Rows(ReadingOptions options)
{
    private const long RowsBetweenReports = 1 << 16;
    private const long RowsToEstimate = 1 << 16;

    private long _read;
    private bool _isRead;
    private long _rowsToEstimate;

    /// <summary>What was left out, file by file: lines for the log's notes.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Goes through a table.</summary>
    /// <param name="table">Before its first row to be read.</param>
    /// <param name="read">Given each row; it must change nothing before it knows that the row is good.</param>
    /// <param name="log">Where the rows become events: room for as many as are to be expected is reserved.</param>
    /// <exception cref="DataFormatException">A row is bad and bad rows are not to be skipped, or all rows are bad.</exception>
    public void ForEach(TableReader table, Action<TableReader> read, EventLogBuilder? log = null)
    {
        var bad = new BadRows();
        _rowsToEstimate = RowsToEstimate;
        var before = _read;
        while (!TryRun(table, read, log, bad))
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

    private bool TryRun(TableReader table, Action<TableReader> read, EventLogBuilder? log, BadRows bad)
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

                if (--_rowsToEstimate == 0)
                {
                    log?.Reserve(table.ExpectedRows(RowsToEstimate));
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
