using CsCheck;
using LargeRec.Retrieval.Reports;

namespace LargeRec.Retrieval.Tests.Reports;

public sealed class CsvLineTests
{
    [Test]
    public void Only_fields_that_need_quotes_have_them() =>
        Assert.That(CsvLine.Of("plain", "a,b", "say \"no\"", "two\nlines", " blank ", null, ""),
            Is.EqualTo("plain,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\", blank ,,\n"));

    [Test]
    public void What_is_written_is_read_back() => Gen.String.Array[1, 4].Sample(fields => Assert.That(Parse(CsvLine.Of(fields)), Is.EqualTo(fields)));

    /// <summary>RFC 4180, one line, written down as plainly as can be.</summary>
    private static List<string> Parse(string line)
    {
        var fields = new List<string>();
        var (i, field) = (0, "");
        while (line[i] != '\n' || i < line.Length - 1)
        {
            if (line[i] == '"')
            {
                for (i++; line[i] != '"' || line[i + 1] == '"'; i++)
                {
                    field += line[i];
                    i += line[i] == '"' ? 1 : 0;
                }

                i++;
            }
            else if (line[i] == ',')
            {
                fields.Add(field);
                field = "";
                i++;
            }
            else
            {
                field += line[i++];
            }
        }

        return [.. fields, field];
    }
}
