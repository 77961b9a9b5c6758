using System.Globalization;
using System.Text;
using LargeRec.Data.Catalogue;

namespace LargeRec.Data.Events;

/// <summary>
/// Which field of a row holds what: by an explicit mapping of names, by the usual names, or by numbers from 1 where the mapping has only such;
/// -1 where there is no such column.
/// </summary>
internal sealed class HeaderColumns
{
    private readonly string _file;
    private readonly string[] _header;
    private readonly bool _byNumber;
    private readonly List<string> _roles = [];

    /// <param name="file">For messages.</param>
    /// <param name="header">The names, or the fields of the first row of a file that may have none.</param>
    /// <param name="mapping">What the user says.</param>
    /// <exception cref="DataFormatException">A mapped column is not there, or no user or item column is known.</exception>
    public HeaderColumns(string file, string[] header, ColumnMapping mapping)
    {
        _file = file;
        _header = header;
        string?[] given = [mapping.User, mapping.Item, mapping.Time, mapping.Rating, mapping.Behaviour, mapping.Title];
        _byNumber = given.Any(name => name is not null) && given.All(name => name is null || IsNumber(name));
        User = Find("user", mapping.User, UsualHeaders.User);
        Item = Find("item", mapping.Item, UsualHeaders.Item);
        Time = Find("time", mapping.Time, UsualHeaders.Time);
        Rating = Find("rating", mapping.Rating, UsualHeaders.Rating);
        Behaviour = Find("behaviour", mapping.Behaviour, UsualHeaders.Behaviour);
        Title = Find("title", mapping.Title, UsualHeaders.Title);
        Require("user", User);
        Require("item", Item);
        HasNoHeader = _byNumber && FirstRowIsEvent();
    }

    public int User { get; }

    public int Item { get; }

    public int Time { get; }

    public int Rating { get; }

    public int Behaviour { get; }

    public int Title { get; }

    /// <summary>Columns of the table.</summary>
    public int Count => _header.Length;

    /// <summary>Whether the first row is an event: columns are given by number, and it holds what an event would.</summary>
    public bool HasNoHeader { get; }

    /// <summary>Such as <c>columns: user = userId, item = movieId, time = timestamp; unused: tab</c>.</summary>
    public string Note
    {
        get
        {
            int[] used = [User, Item, Time, Rating, Behaviour, Title];
            var unused = Enumerable.Range(0, Count).Where(column => !used.Contains(column)).Select(NameOf).ToArray();
            var first = !_byNumber ? "" : HasNoHeader ? " by number (the first line is an event)" : " by number (the first line is taken for a header)";
            return $"columns{first}: " + string.Join(", ", _roles) + (unused.Length == 0 ? "" : "; unused: " + string.Join(", ", unused));
        }
    }

    private static bool IsNumber(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;

    private int Find(string role, string? wanted, string[] usual)
    {
        // By number, what is not given is not there: with no header nothing can be recognised.
        var column = wanted is null ? (_byNumber ? -1 : UsualHeaders.Find(_header, usual)) : _byNumber ? FindNumbered(role, wanted) : FindNamed(role, wanted);
        if (column >= 0)
        {
            _roles.Add($"{role} = {NameOf(column)}");
        }

        return column;
    }

    private int FindNumbered(string role, string wanted)
    {
        var column = int.Parse(wanted, CultureInfo.InvariantCulture) - 1;
        return column < Count
            ? column
            : throw new DataFormatException(_file, 1, $"there is no column {wanted} for the {role}", $"the first line has {Count} columns; they count from 1");
    }

    private int FindNamed(string role, string wanted)
    {
        var column = Array.IndexOf(_header, wanted);
        if (column < 0)
        {
            column = Array.FindIndex(_header, name => name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        }

        if (column >= 0)
        {
            return column;
        }

        var nearest = NearestName.Find(wanted, _header);
        throw new DataFormatException(_file, 1, $"there is no column '{wanted}' for the {role}", nearest is null ? $"the columns are {Listed()}"
            : $"the nearest is '{Short(nearest)}' of {Listed()}");
    }

    private void Require(string role, int column)
    {
        if (column < 0)
        {
            var reason = Count == 1 ? $"the header has one column ({Listed()})"
                : $"no {role} column is {(_byNumber ? "given" : "recognised")} among {Listed()}";
            var remedy = Count == 1
                ? "a log needs at least a user and an item column, separated by commas, tabs or semicolons"
                : $"say which is which with --columns {role}=NAME, or, where the first line is no header, by number: --columns user=1,item=2";
            throw new DataFormatException(_file, 1, reason, remedy);
        }
    }

    private bool FirstRowIsEvent()
    {
        // What data frames write where columns have no names: 0,1,2,...
        if (Count >= 3 && _header.Index().All(column => column.Item == column.Index.ToString(CultureInfo.InvariantCulture)))
        {
            return false;
        }

        // A time or a rating that is none tells a header; without either, the usual names of users and items do.
        if (Time >= 0 || Rating >= 0)
        {
            return (Time < 0 || IsTime(_header[Time])) && (Rating < 0 || IsFinite(_header[Rating]));
        }

        return UsualHeaders.Find([_header[User]], UsualHeaders.User) < 0 && UsualHeaders.Find([_header[Item]], UsualHeaders.Item) < 0;
    }

    private static bool IsTime(string text) => IsFinite(text) || IsoTime.TryParse(Encoding.UTF8.GetBytes(text), out _);

    private static bool IsFinite(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number);

    private string NameOf(int column) => _byNumber ? (column + 1).ToString(CultureInfo.InvariantCulture) : Short(_header[column]);

    private string Listed() => string.Join(", ", _header.Take(12).Select(Short)) + (Count > 12 ? ", ..." : "");

    private static string Short(string name) => OneLine.Excerpt(name, 40);
}
