using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LargeRec.Data.Sources;

namespace LargeRec.Data.Events;

/// <summary>
/// Reads Amazon's reviews (McAuley et al.) in three layouts: ratings without a header (user,item,rating,seconds), reviews as one JSON object a line
/// (the 5-core files), and sequences of which only the order is known (user,item,order).
/// </summary>
public static class AmazonReader
{
    // A separator that no JSON text holds unescaped: the whole line is one field.
    private static readonly DelimitedFormat WholeLines = new("\x01", Quotes: false);

    private static readonly DelimitedFormat PlainComma = new(",", Quotes: false);

    /// <summary>Reads <c>ratings_NAME.csv</c>.</summary>
    /// <exception cref="DataFormatException">It is not what it should be: the message names the line, the reason and the remedy.</exception>
    public static EventLog ReadRatings(FileSource source, string file, string name, ReadingOptions? options = null)
    {
        var events = new EventRows(name, EventColumns.Times | EventColumns.Ratings, options ?? new ReadingOptions());
        using var table = source.OpenTable(source.Require(file), PlainComma);
        events.ForEach(table, row =>
        {
            row.RequireFields(4);
            var rating = row.GetSingle(2, "rating");
            events.Add(row, 0, 1, PublishedTime.Seconds(row, 3), rating);
        });
        return events.Build();
    }

    /// <summary>Reads <c>reviews_NAME_5.json</c>: the keys reviewerID, asin, overall and unixReviewTime of every line.</summary>
    /// <exception cref="DataFormatException">It is not what it should be: the message names the line, the reason and the remedy.</exception>
    public static EventLog ReadReviews(FileSource source, string file, string name, ReadingOptions? options = null)
    {
        var events = new EventRows(name, EventColumns.Times | EventColumns.Ratings, options ?? new ReadingOptions());
        using var table = source.OpenTable(source.Require(file), WholeLines);
        events.ForEach(table, row =>
        {
            var review = Review.Read(row);
            events.Add(Encoding.UTF8.GetBytes(review.User), Encoding.UTF8.GetBytes(review.Item), 1000 * review.Seconds, review.Rating);
        });
        return events.Build();
    }

    /// <summary>Reads <c>user,item,order</c> with a header; a user's order must rise from row to row.</summary>
    /// <exception cref="DataFormatException">It is not what it should be: the message names the line, the reason and the remedy.</exception>
    public static EventLog ReadSequences(FileSource source, string file, string name, ReadingOptions? options = null)
    {
        var events = new EventRows(name, EventColumns.None, options ?? new ReadingOptions());
        var last = new GrowableColumn<long>();
        using var table = source.OpenTable(source.Require(file), PlainComma, "user", "item", "order");
        events.ForEach(table, row =>
        {
            row.RequireFields(3);
            var order = row.GetInt64(2, "order");
            var user = events.Users.Find(row.GetId(0, "user"));
            if (user >= 0 && order <= last.Span[user])
            {
                throw row.Fault($"order {order} of the user is not after {last.Span[user]}", "sort the file by user and order", "the order does not rise");
            }

            events.Add(row, 0, 1);
            if (user < 0)
            {
                last.Add(order);
            }
            else
            {
                last.Span[user] = order;
            }
        });
        events.Log.Notes.Add("order only, no times: models with a time bias cannot use them");
        return events.Build();
    }

    private readonly record struct Review
    {
        public string User { get; private init; }

        public string Item { get; private init; }

        public float Rating { get; private init; }

        public long Seconds { get; private init; }

        public static Review Read(TableReader row)
        {
            var text = row[0];
            if (!Utf8.IsValid(text))
            {
                throw row.Fault("the line is not valid UTF-8", "save the file as UTF-8");
            }

            try
            {
                return Parse(new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 16 }), row);
            }
            catch (JsonException fault)
            {
                throw row.Fault($"the line is not valid JSON (at byte {fault.BytePositionInLine})", "fetch the file again", "the line is not valid JSON");
            }
        }

        private static Review Parse(Utf8JsonReader json, TableReader row)
        {
            string? user = null, item = null;
            float? rating = null;
            long? seconds = null;
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                throw row.Fault("the line is no JSON object", "fetch the file again");
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var key = json.ValueTextEquals("reviewerID"u8) ? 1 : json.ValueTextEquals("asin"u8) ? 2 : json.ValueTextEquals("overall"u8) ? 3
                    : json.ValueTextEquals("unixReviewTime"u8) ? 4 : 0;
                json.Read();
                switch (key)
                {
                    case 1 when json.TokenType == JsonTokenType.String:
                        user = json.GetString();
                        break;
                    case 2 when json.TokenType == JsonTokenType.String:
                        item = json.GetString();
                        break;
                    case 3 when json.TokenType == JsonTokenType.Number && json.TryGetSingle(out var value) && float.IsFinite(value):
                        rating = value;
                        break;
                    case 4 when json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) && value is >= 0 and <= uint.MaxValue:
                        seconds = value;
                        break;
                    default:
                        json.Skip();
                        break;
                }
            }

            // What follows the object would be an error of the next read.
            json.Read();
            return string.IsNullOrEmpty(user) ? throw Missing(row, "reviewerID", "a text")
                : string.IsNullOrEmpty(item) ? throw Missing(row, "asin", "a text")
                : rating is null ? throw Missing(row, "overall", "a number")
                : seconds is null ? throw Missing(row, "unixReviewTime", "a number of seconds")
                : new Review { User = user, Item = item, Rating = rating.Value, Seconds = seconds.Value };
        }

        private static DataFormatException Missing(TableReader row, string key, string wanted)
            => row.Fault($"{key} is missing or is not {wanted}", "fetch the file again");
    }
}
