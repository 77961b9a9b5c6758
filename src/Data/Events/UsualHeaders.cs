namespace LargeRec.Data.Events;

/// <summary>The column names that are recognised, in order of preference; compared without case, <c>_</c>, <c>-</c>, <c>.</c> and spaces, and without a
/// <c>:type</c> behind them.</summary>
internal static class UsualHeaders
{
    public static string[] User { get; } =
        ["user", "userid", "uid", "useridx", "reviewerid", "customer", "customerid", "visitorid", "memberid", "clientid", "accountid"];

    public static string[] Item { get; } =
    [
        "item", "itemid", "iid", "itemidx", "movie", "movieid", "video", "videoid", "product", "productid", "parentasin", "asin", "book", "bookid", "isbn",
        "article", "articleid", "news", "newsid", "track", "trackid", "song", "songid", "artist", "artistid", "game", "gameid", "business", "businessid",
        "sku", "stockcode", "goodsid",
    ];

    public static string[] Time { get; } =
    [
        "timestamp", "time", "ts", "timems", "timestampms", "unixtime", "unixtimestamp", "unixreviewtime", "eventtime", "datetime", "invoicedate", "createdat",
        "date",
    ];

    public static string[] Rating { get; } = ["rating", "ratings", "score", "stars", "overall"];

    public static string[] Behaviour { get; } = ["behaviour", "behavior", "behaviourtype", "behaviortype", "event", "eventtype", "action", "actiontype"];

    public static string[] Title { get; } = ["title", "itemtitle", "movietitle", "itemname", "productname", "description", "name"];

    /// <summary>The column that bears the most preferred of these names, or -1.</summary>
    public static int Find(string[] header, string[] usual)
    {
        var plain = Array.ConvertAll(header, Plain);
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

    private static string Plain(string name)
    {
        // RecBole's files write user_id:token.
        var end = name.IndexOf(':', StringComparison.Ordinal);
        return string.Concat((end < 0 ? name : name[..end]).Where(c => c is not ('_' or '-' or '.' or ' '))).ToLowerInvariant();
    }
}
