using System.Text;
using System.Text.Json;
using LargeRec.Retrieval.Recommendations;

namespace LargeRec.Retrieval.Tests.Recommendations;

public sealed class RecommendationWriterTests
{
    private static readonly UserRecommendations[] Lists =
    [
        new("anna, \"the first\"", 1_000, [new Recommendation(1, "tea\n7", "Élan <b>", 0.1f), new Recommendation(2, "x", null, -1e-7f)]),
        new(null, null, []),
        new("ben\u001b[31m", null, [new Recommendation(1, "x", "", 0.25f)]),
    ];

    [Test]
    public void Csv_has_a_line_an_item_and_quotes_where_they_are_needed() => Assert.That(Text(RecommendationWriter.WriteCsv, Lists), Is.EqualTo(
        "user,rank,item,title,score\n\"anna, \"\"the first\"\"\",1,\"tea\n7\",Élan <b>,0.1\n\"anna, \"\"the "
        + "first\"\"\",2,x,,-1E-07\nben\u001b[31m,1,x,,0.25\n"));

    [Test]
    public void Json_is_one_array_with_a_list_a_line()
    {
        var text = Text(RecommendationWriter.WriteJson, Lists);
        Assert.That(text.Split('\n'), Has.Length.EqualTo(6));
        Assert.That(text, Does.Contain("\\u001B[31m").And.Contain("Élan <b>"));
        using var document = JsonDocument.Parse(text);
        var lists = document.RootElement.EnumerateArray().ToArray();
        Assert.That(lists.Select(l => l.GetProperty("user").GetString()), Is.EqualTo(Lists.Select(l => l.UserId)));
        Assert.That(lists[0].GetProperty("at").GetString(), Is.EqualTo("1970-01-01T00:00:01Z"));
        Assert.That(lists[1].GetProperty("items").GetArrayLength(), Is.Zero);
        var item = lists[0].GetProperty("items")[0];
        Assert.That((item.GetProperty("rank").GetInt32(), item.GetProperty("item").GetString(), item.GetProperty("title").GetString(),
            item.GetProperty("score").GetSingle()), Is.EqualTo((1, "tea\n7", "Élan <b>", 0.1f)));
        Assert.That(lists[0].GetProperty("items")[1].GetProperty("title").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void Nobody_is_an_empty_array_and_a_header()
    {
        Assert.That(Text(RecommendationWriter.WriteJson, []), Is.EqualTo("[]\n"));
        Assert.That(Text(RecommendationWriter.WriteCsv, []), Is.EqualTo("user,rank,item,title,score\n"));
        using var document = JsonDocument.Parse(Text(RecommendationWriter.WriteJson, []));
        Assert.That(document.RootElement.GetArrayLength(), Is.Zero);
    }

    private static string Text(Action<Stream, IEnumerable<UserRecommendations>> write, IEnumerable<UserRecommendations> lists)
    {
        using var stream = new MemoryStream();
        write(stream, lists);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
