using System.Text;
using System.Text.Unicode;

namespace LargeRec.Data.Events;

/// <summary>
/// Reads a table row by row, whatever its format: a field is UTF-8 text, as a span that is valid until the next row. What a field must be is
/// asked for by its type; what it is not becomes an error that names file, line and reason.
/// </summary>
public abstract class TableReader : IDisposable
{
    private bool _again;

    /// <param name="file">The name for error messages.</param>
    private protected TableReader(string file) => File = file;

    public string File { get; }

    /// <summary>1-based line on which the current row begins, or the row's number in formats that have no lines.</summary>
    public long Line { get; private protected set; }

    /// <summary>Fields of the current row.</summary>
    public abstract int FieldCount { get; }

    /// <summary>What <see cref="Line"/> counts, for messages.</summary>
    internal virtual string LineWord => "line";

    /// <summary>A field of the current row.</summary>
    public abstract ReadOnlySpan<byte> this[int field] { get; }

    /// <summary>The names of the columns where the format itself has them; null where they are a row like others, or missing.</summary>
    internal virtual string[]? ColumnNames => null;

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool ReadRow()
    {
        var again = _again;
        _again = false;
        return again || ReadNextRow();
    }

    /// <summary>Lets the next <see cref="ReadRow"/> give the current row once more.</summary>
    internal void Unread() => _again = true;

    /// <summary>Rows that the whole table will have, guessed from those so far; 0 where nothing can be said.</summary>
    internal virtual long ExpectedRows(long soFar) => 0;

    /// <summary>After an error of <see cref="ReadRow"/> itself: goes past the row that could not be read. After any other error: nothing.</summary>
    internal virtual void Recover()
    {
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A field as an integer; spaces around it are allowed.</summary>
    public long GetInt64(int field, string name)
    {
        var text = this[field].Trim((byte)' ');
        return NumberText.TryInt64(text, out var value)
            ? value
            : throw WrongType(field, name, "an integer");
    }

    /// <summary>A field as a finite number; spaces around it are allowed.</summary>
    public float GetSingle(int field, string name)
    {
        var text = this[field].Trim((byte)' ');
        return NumberText.TrySingle(text, out var value)
            ? value
            : throw WrongType(field, name, "a finite number");
    }

    /// <summary>A field as an id: text that is not empty and valid UTF-8.</summary>
    public ReadOnlySpan<byte> GetId(int field, string name)
    {
        var id = this[field];
        return id.IsEmpty ? throw Fault($"the {name} is empty", "mend or remove the row") : Utf8.IsValid(id) ? id : throw NotUtf8(field, name);
    }

    /// <summary>A field as text; null where it is empty.</summary>
    public string? GetText(int field, string name)
    {
        var text = this[field].Trim((byte)' ');
        return text.IsEmpty ? null : Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : throw NotUtf8(field, name);
    }

    /// <summary>The current row must have this many fields.</summary>
    public void RequireFields(int count)
    {
        if (FieldCount != count)
        {
            throw Fault($"the row has {FieldCount} fields where {count} are expected", "mend or remove the row", "a wrong number of fields");
        }
    }

    /// <summary>An error about the current row, for the caller to throw.</summary>
    /// <param name="reason">What is wrong, without a full stop.</param>
    /// <param name="remedy">What to do about it, without a full stop.</param>
    /// <param name="kind">The reason without this row's values, by which bad rows are counted; null where the reason has none.</param>
    public DataFormatException Fault(string reason, string remedy, string? kind = null)
        => new(File, Line, reason, remedy, lineWord: LineWord) { Kind = kind ?? reason, IsOfRow = true };

    /// <summary>An error about a field that is not what its column must hold, for the caller to throw.</summary>
    public DataFormatException WrongType(int field, string name, string wanted)
        => Fault($"{name} '{Excerpt(this[field])}' is not {wanted}", "mend or remove the row", $"the {name} is not {wanted}");

    /// <summary>Reads the first row, which must begin with these column names; nothing is read where there are none.</summary>
    internal void RequireHeader(ReadOnlySpan<string> names)
    {
        if (names.IsEmpty)
        {
            return;
        }

        var begins = ReadRow() && FieldCount >= names.Length;
        for (var column = 0; column < names.Length && begins; column++)
        {
            begins = Encoding.UTF8.GetString(this[column]).Trim().Equals(names[column], StringComparison.OrdinalIgnoreCase);
        }

        if (!begins)
        {
            throw new DataFormatException(File, 1, $"the first line does not begin with {string.Join(',', names!)}",
                "is this the publisher's file? fetch it again");
        }
    }

    /// <summary>The current row's fields as texts, as headers are read.</summary>
    internal string[] GetTexts()
    {
        var texts = new string[FieldCount];
        for (var field = 0; field < texts.Length; field++)
        {
            texts[field] = Encoding.UTF8.GetString(this[field]).Trim();
        }

        return texts;
    }

    private protected abstract bool ReadNextRow();

    private protected abstract void Dispose(bool disposing);

    private DataFormatException NotUtf8(int field, string name)
        => Fault($"{name} '{Excerpt(this[field])}' is not valid UTF-8", "save the file as UTF-8", $"the {name} is not valid UTF-8");

    private static string Excerpt(ReadOnlySpan<byte> text)
    {
        var shown = OneLine.Of(Encoding.UTF8.GetString(text.Length > 40 ? text[..40] : text));
        return text.Length > 40 ? shown + "..." : shown;
    }
}
