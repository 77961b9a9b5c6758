namespace LargeRec.Data.Events;

/// <summary>Which field of a row holds what, found from the header by an explicit mapping or by the usual names; -1 where there is no such column.</summary>
internal sealed class HeaderColumns
{
    // In order of preference; compared without case, '_', '-', '.' and spaces.
    private static readonly string[] UserNames =
        ["user", "userid", "uid", "useridx", "reviewerid", "customer", "customerid", "visitorid", "memberid"];

    private static readonly string[] ItemNames =
        ["item", "itemid", "iid", "itemidx", "movie", "movieid", "video", "videoid", "product", "productid", "parentasin", "asin", "book", "bookid", "article", "articleid", "track", "trackid", "song", "songid"];

    private static readonly string[] TimeNames =
        ["timestamp", "time", "ts", "timems", "timestampms", "unixtime", "unixtimestamp", "unixreviewtime", "eventtime", "datetime", "date"];

    private static readonly string[] RatingNames = ["rating", "ratings", "score", "stars", "overall"];

    private static readonly string[] BehaviourNames =
        ["behaviour", "behavior", "behaviourtype", "behaviortype", "event", "eventtype", "action", "actiontype"];

    private static readonly string[] TitleNames = ["title", "itemtitle", "movietitle", "itemname", "name"];

    private readonly string _file;
    private readonly string[] _header;
    private readonly List<string> _roles = [];

    public HeaderColumns(string file, string[] header, ColumnMapping mapping)
    {
        _file = file;
        _header = header;
        User = Find("user", mapping.User, UserNames);
        Item = Find("item", mapping.Item, ItemNames);
        Time = Find("time", mapping.Time, TimeNames);
        Rating = Find("rating", mapping.Rating, RatingNames);
        Behaviour = Find("behaviour", mapping.Behaviour, BehaviourNames);
        Title = Find("title", mapping.Title, TitleNames);
        Require("user", User);
        Require("item", Item);
    }

    public int User { get; }

    public int Item { get; }

    public int Time { get; }

    public int Rating { get; }

    public int Behaviour { get; }

    public int Title { get; }

    /// <summary>Such as <c>columns: user = userId, item = movieId, time = timestamp; unused: tab</c>.</summary>
    public string Note
    {
        get
        {
            int[] used = [User, Item, Time, Rating, Behaviour, Title];
            var unused = _header.Where((_, column) => !used.Contains(column)).ToArray();
            return "columns: " + string.Join(", ", _roles) + (unused.Length == 0 ? "" : "; unused: " + string.Join(", ", unused));
        }
    }

    private int Find(string role, string? wanted, string[] usual)
    {
        var column = wanted is null ? FindUsual(usual) : FindNamed(role, wanted);
        if (column >= 0)
        {
            _roles.Add($"{role} = {_header[column]}");
        }

        return column;
    }

    private int FindUsual(string[] usual)
    {
        var plain = Array.ConvertAll(_header, Plain);
        foreach (var name in usual)
        {
            var column = Array.IndexOf(plain, name);
            if (column >= 0)
            {
                return column;
            }
        }

        return -1;
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

        throw new DataFormatException(_file, 1, $"there is no column '{wanted}' for the {role}", $"the nearest is '{Spelling.Nearest(wanted, _header)}' of {Listed()}");
    }

    private void Require(string role, int column)
    {
        if (column < 0)
        {
            var reason = _header.Length == 1 ? $"the header has one column ({Listed()})" : $"no {role} column is recognised among {Listed()}";
            var remedy = _header.Length == 1
                ? "a log needs at least a user and an item column, separated by commas, tabs or semicolons"
                : $"the first line must name the columns; say which is which with --columns {role}=NAME";
            throw new DataFormatException(_file, 1, reason, remedy);
        }
    }

    private string Listed() => string.Join(", ", _header.Take(12)) + (_header.Length > 12 ? ", ..." : "");

    private static string Plain(string name) => string.Concat(name.Where(c => c is not ('_' or '-' or '.' or ' '))).ToLowerInvariant();
}
