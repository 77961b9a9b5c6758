namespace LargeRec.Data.Events;

/// <summary>Makes a log of a table whose columns are recognised by their names, mapped by name, or mapped by number.</summary>
internal static class TableLog
{
    private const int MostBehaviours = 256;

    /// <exception cref="DataFormatException">The table is no such log: the message names the line, the reason and the remedy.</exception>
    public static EventLog Read(TableReader table, DelimitedLogOptions options, ReadingOptions reading)
    {
        var columns = FindColumns(table, options.Columns);
        var present = (columns.Time >= 0 ? EventColumns.Times : 0) | (columns.Rating >= 0 ? EventColumns.Ratings : 0)
            | (columns.Behaviour >= 0 ? EventColumns.Behaviours : 0);
        var events = new EventRows(table.File, present, reading);
        var times = new TimeColumn(options.TimeUnit);
        var behaviours = new Vocabulary();
        events.ForEach(table, row =>
        {
            row.RequireFields(columns.Count);
            var time = columns.Time >= 0 ? times.Read(row, columns.Time) : 0;
            var rating = columns.Rating >= 0 ? row.GetSingle(columns.Rating, "rating") : 0;
            var behaviour = columns.Behaviour >= 0 ? BehaviourOf(row, columns.Behaviour, behaviours) : (byte)0;
            events.Add(row, columns.User, columns.Item, time, rating, behaviour, columns.Title);
        });

        if (events.Log.Count == 0)
        {
            throw new DataFormatException(table.File, 0, "there is a header and no event", "fetch or write it again");
        }

        events.Log.Notes.Add(columns.Note);
        events.Log.Notes.Add(columns.Time >= 0
            ? times.Finish(events.Log.Times.Span, table.File)
            : "no time column: events are taken in the order of the file, and models with a time bias cannot use them; where there is one, name it: "
                + "--columns time=NAME");
        for (var code = 0; code < behaviours.Count; code++)
        {
            events.Log.BehaviourNames.Add(behaviours.GetText(code));
        }

        return events.Build();
    }

    private static HeaderColumns FindColumns(TableReader table, ColumnMapping mapping)
    {
        if (table.ColumnNames is { } names)
        {
            return new HeaderColumns(table.File, names, mapping);
        }

        if (!table.ReadRow())
        {
            throw DataFile.Empty(table.File);
        }

        var columns = new HeaderColumns(table.File, table.GetTexts(), mapping);
        if (columns.HasNoHeader)
        {
            table.Unread();
        }

        return columns;
    }

    private static byte BehaviourOf(TableReader row, int column, Vocabulary behaviours)
    {
        var name = row.GetId(column, "behaviour");
        return behaviours.Find(name) < 0 && behaviours.Count == MostBehaviours
            ? throw row.Fault($"this is the behaviour number {MostBehaviours + 1}", "a behaviour column names a few kinds of action; map another one")
            : (byte)behaviours.GetOrAdd(name);
    }
}
