using System.Text;
using CsCheck;
using LargeRec.Data.Events;

namespace LargeRec.Data.Tests.Events;

public sealed class DelimitedReaderTests
{
    private static readonly Gen<string> Field = Gen.Char["ab,;\t\"\r\n é"].Array[0, 6].Select(characters => new string(characters));

    private static readonly string[] TwoCharacterFields = ["", "a", "1:2", "x y", "\"é"];

    [Test]
    public void Reads_back_what_RFC_4180_writes_whatever_the_buffer_size()
        => Gen.Select(Field.Array[2, 4].Array[0, 8], Gen.Int[4, 40], Gen.Bool, Gen.Bool).Sample((rows, bufferSize, windowsEnds, endAtEnd) =>
        {
            var lineEnd = windowsEnds ? "\r\n" : "\n";
            var text = string.Join(lineEnd, rows.Select(row => string.Join(',', row.Select(Quoted)))) + (endAtEnd ? lineEnd : "");
            Assert.That(ReadAll(text, DelimitedFormat.Comma, bufferSize), Is.EqualTo(rows));
        }, iter: 2000);

    [Test]
    public void Reads_two_character_separators_whatever_the_buffer_size()
        => Gen.Select(Gen.Int[0, 4].Select(i => TwoCharacterFields[i]).Array[2, 5].Array[0, 8], Gen.Int[4, 20]).Sample((rows, bufferSize) =>
        {
            var text = string.Join('\n', rows.Select(row => string.Join("::", row)));
            Assert.That(ReadAll(text, new DelimitedFormat("::", Quotes: false), bufferSize), Is.EqualTo(rows));
        });

    [Test]
    public void Skips_a_byte_order_mark_and_empty_lines_and_knows_the_line_of_each_row()
    {
        using var reader = Reader("\uFEFFa,b\n\n\r\n\"x\ny\",c\nd,e", DelimitedFormat.Comma);
        var lines = new List<long>();
        var first = new List<string>();
        while (reader.ReadRow())
        {
            lines.Add(reader.Line);
            first.Add(Encoding.UTF8.GetString(reader[0]));
        }

        Assert.That(first, Is.EqualTo(new[] { "a", "x\ny", "d" }));
        Assert.That(lines, Is.EqualTo(new long[] { 1, 4, 6 }));
    }

    [Test]
    public void A_quote_inside_a_field_is_text()
        => Assert.That(ReadAll("5\" disk,b\n", DelimitedFormat.Comma), Is.EqualTo(new[] { new[] { "5\" disk", "b" } }));

    [Test]
    public void With_quotes_off_a_quote_is_text()
        => Assert.That(ReadAll("\"a|b\n", new DelimitedFormat("|", Quotes: false)), Is.EqualTo(new[] { new[] { "\"a", "b" } }));

    [Test]
    public void A_quote_that_never_closes_is_named_with_the_line_it_opens_on()
    {
        var fault = Assert.Throws<DataFormatException>(() => ReadAll("a,b\nc,\"d\ne,f\n", DelimitedFormat.Comma));
        Assert.That(fault!.Line, Is.EqualTo(2));
        Assert.That(fault.Message, Does.StartWith("test.csv, line 2: ").And.Contain("never closes"));
    }

    [Test]
    public void Text_after_a_closing_quote_is_an_error()
        => Assert.That(() => ReadAll("\"a\"b,c\n", DelimitedFormat.Comma), Throws.InstanceOf<DataFormatException>().With.Message.Contains("closing quote"));

    [TestCase("")]
    [TestCase("\"")]
    public void A_row_without_end_does_not_take_all_memory(string opening)
    {
        using var reader = new DelimitedReader(new EndlessStream(opening), "endless", DelimitedFormat.Comma);
        Assert.That(() => reader.ReadRow(), Throws.InstanceOf<DataFormatException>().With.Message.Contains("longer than"));
    }

    [TestCase("12", 12L)]
    [TestCase(" -9223372036854775808 ", long.MinValue)]
    public void Reads_integers(string text, long expected)
    {
        using var reader = Reader(text, DelimitedFormat.Comma);
        reader.ReadRow();
        Assert.That(reader.GetInt64(0, "n"), Is.EqualTo(expected));
    }

    [TestCase("1x")]
    [TestCase("1.5")]
    [TestCase("9223372036854775808")]
    [TestCase("x")]
    public void What_is_no_integer_is_named(string text)
    {
        using var reader = Reader("a\n" + text, DelimitedFormat.Comma);
        reader.ReadRow();
        reader.ReadRow();
        Assert.That(() => reader.GetInt64(0, "item"), Throws.InstanceOf<DataFormatException>()
            .With.Message.StartsWith($"test.csv, line 2: item '{text}' is not an integer"));
    }

    [TestCase("NaN")]
    [TestCase("Infinity")]
    [TestCase("1e99")]
    [TestCase("four")]
    public void What_is_no_finite_number_is_refused(string text)
    {
        using var reader = Reader(text, DelimitedFormat.Comma);
        reader.ReadRow();
        Assert.That(() => reader.GetSingle(0, "rating"), Throws.InstanceOf<DataFormatException>());
    }

    /// <summary>Quotes what needs quotes, and some of what does not.</summary>
    private static string Quoted(string field)
        => field.AsSpan().IndexOfAny("\",\r\n") >= 0 || field.Length % 2 == 0 ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    private static string[][] ReadAll(string text, DelimitedFormat format, int bufferSize = 1 << 16)
    {
        var rows = new List<string[]>();
        using var reader = Reader(text, format, bufferSize);
        while (reader.ReadRow())
        {
            var row = new string[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = Encoding.UTF8.GetString(reader[i]);
            }

            rows.Add(row);
        }

        return [.. rows];
    }

    private static DelimitedReader Reader(string text, DelimitedFormat format, int bufferSize = 1 << 16)
        => new(new MemoryStream(Encoding.UTF8.GetBytes(text)), "test.csv", format, bufferSize);

    private sealed class EndlessStream(string opening) : MemoryStream
    {
        private bool begun;

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'x');
            if (!begun)
            {
                Encoding.UTF8.GetBytes(opening).CopyTo(buffer, offset);
                begun = true;
            }

            return count;
        }
    }
}
