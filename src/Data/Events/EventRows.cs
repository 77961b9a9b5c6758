namespace LargeRec.Data.Events;

/// <summary>Collects a log whose ids are opaque text: users get indices from 0 and items from 1, by first appearance, and every item is a candidate.</summary>
internal sealed class EventRows(string name, EventColumns columns, ReadingOptions options, bool behavioursAreFlags = false)
{
    private readonly RecurringIds _users = new();
    private readonly List<string?> _titles = [null];
    private readonly Rows _rows = new(options);

    public EventLogBuilder Log { get; } = new(name, columns) { BehavioursAreFlags = behavioursAreFlags };

    public Vocabulary Users => _users.Vocabulary;

    /// <summary>The item with index k has the index k - 1 in it.</summary>
    public Vocabulary Items { get; } = new();

    /// <inheritdoc cref="Rows.ForEach"/>
    public void ForEach(TableReader table, Action<TableReader> read) => _rows.ForEach(table, read, Log);

    /// <summary>Adds the current row's event, whose other values are good already; the item's index.</summary>
    public int Add(TableReader table, int userField, int itemField, long time = 0, float rating = 0, byte behaviour = 0, int titleField = -1)
    {
        var user = table.GetId(userField, "user");
        var item = table.GetId(itemField, "item");
        if (titleField >= 0 && Items.Find(item) < 0)
        {
            _titles.Add(table.GetText(titleField, "title"));
        }

        return Add(user, item, time, rating, behaviour);
    }

    /// <summary>Adds an event whose values are good already; the item's index.</summary>
    public int Add(ReadOnlySpan<byte> user, ReadOnlySpan<byte> item, long time, float rating, byte behaviour = 0)
    {
        var index = Items.GetOrAdd(item) + 1;
        Log.Add(_users.GetOrAdd(user), index, time, rating, behaviour);
        return index;
    }

    /// <summary>Gives an item its title, if it has none yet.</summary>
    public void SetTitle(int item, string? title)
    {
        while (_titles.Count <= item)
        {
            _titles.Add(null);
        }

        _titles[item] ??= title;
    }

    /// <summary>The log, with notes about rows that were left out and events that are there twice.</summary>
    /// <exception cref="DataFormatException">It has no event.</exception>
    public EventLog Build()
    {
        if (Log.Count == 0)
        {
            throw new DataFormatException(Log.Name, 0, "there is no event in it", "fetch or write it again");
        }

        foreach (var note in _rows.Notes)
        {
            Log.Notes.Add(note);
        }

        if (DuplicateEvents.Note(Log, options.Cancellation) is { } duplicates)
        {
            Log.Notes.Add(duplicates);
        }

        return Log.Build(Users, ItemVocabulary.Dense(Items, [.. _titles]));
    }
}
