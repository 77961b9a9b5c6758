using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LargeRec.Data.Events;
using LargeRec.Retrieval.Reports;

namespace LargeRec.Retrieval.Recommendations;

/// <summary>Writes lists for other programs as they come, however many: nothing is kept. Ids and titles may hold anything.</summary>
public static class RecommendationWriter
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// Comma-separated values in UTF-8: the header <c>user,rank,item,title,score</c>, then a line an item; without a title, or without a user, the field is
    /// empty. Scores read back as the same numbers.
    /// </summary>
    /// <param name="stream">Is left open.</param>
    /// <param name="lists">Are taken one after the other.</param>
    public static void WriteCsv(Stream stream, IEnumerable<UserRecommendations> lists)
    {
        using var writer = new StreamWriter(stream, Utf8, bufferSize: 1 << 16, leaveOpen: true);
        writer.Write(CsvLine.Of("user", "rank", "item", "title", "score"));
        foreach (var list in lists)
        {
            foreach (var item in list.Items)
            {
                writer.Write(CsvLine.Of(
                    list.UserId,
                    item.Rank.ToString(CultureInfo.InvariantCulture),
                    item.ItemId,
                    item.Title,
                    item.Score.ToString("R", CultureInfo.InvariantCulture)));
            }
        }
    }

    /// <summary>
    /// One JSON array, an object a list and a line:
    /// <c>{"user":"u1","at":"2001-02-03T04:05:06Z","items":[{"rank":1,"item":"i1","title":"A title","score":0.5}]}</c>. <c>user</c> is null for a history,
    /// <c>at</c> (the time of the request) and <c>title</c> are null where there is none.
    /// </summary>
    /// <param name="stream">Is left open.</param>
    /// <param name="lists">Are taken one after the other.</param>
    public static void WriteJson(Stream stream, IEnumerable<UserRecommendations> lists)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        var before = "[\n"u8.ToArray();
        foreach (var list in lists)
        {
            stream.Write(before);
            WriteList(json, list);
            json.Flush();
            json.Reset();
            before = ",\n"u8.ToArray();
        }

        stream.Write(before[0] == '[' ? "[]\n"u8 : "\n]\n"u8);
    }

    private static void WriteList(Utf8JsonWriter json, UserRecommendations list)
    {
        json.WriteStartObject();
        json.WriteString("user", list.UserId);
        json.WriteString("at", list.At is { } at ? EventTime.ToText(at) : null);
        json.WriteStartArray("items");
        foreach (var item in list.Items)
        {
            json.WriteStartObject();
            json.WriteNumber("rank", item.Rank);
            json.WriteString("item", item.ItemId);
            json.WriteString("title", item.Title);
            json.WriteNumber("score", item.Score);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
