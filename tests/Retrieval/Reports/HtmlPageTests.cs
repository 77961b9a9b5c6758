using System.Xml.Linq;
using CsCheck;
using LargeRec.Retrieval.Reports;

namespace LargeRec.Retrieval.Tests.Reports;

public sealed class HtmlPageTests
{
    [TestCase("a < b & c > d \"e\" 'f'", "a &lt; b &amp; c &gt; d &quot;e&quot; &#39;f&#39;")]
    [TestCase("bell \a and escape \x1b[31m", "bell \uFFFD and escape \uFFFD[31m")]
    [TestCase("Amélie 映画 \U0001F3AC", "Amélie 映画 \U0001F3AC")]
    public void Text_is_escaped(string text, string expected) => Assert.That(HtmlPage.Escape(text), Is.EqualTo(expected));

    [Test]
    public void Half_a_surrogate_pair_becomes_a_replacement() => Assert.That(HtmlPage.Escape("half a pair \ud800!"), Is.EqualTo("half a pair \uFFFD!"));

    [Test]
    public void Whatever_a_text_holds_the_page_is_well_formed_and_shows_it() => Gen.String.Sample(text =>
    {
        var page = new HtmlPage(text).Heading(text).Paragraph(text).Note(text).Code(text).Figures((text, text, text))
            .Table([text, text], [[text, text]], hasNumbers: true)
            .Details(text, inner => inner.Paragraph(text))
            .Charts(new LineChart
            {
                Title = text,
                XLabel = text,
                YLabel = text,
                Series = [new ChartSeries(text, [new ChartPoint(1, 2), new ChartPoint(2, 3)]), new ChartSeries(text, [new ChartPoint(1, 2)])]
            });
        var parsed = XDocument.Parse(page.ToHtml().Replace("<!DOCTYPE html>", "", StringComparison.Ordinal), LoadOptions.PreserveWhitespace);
        var shown = string.Concat(text.EnumerateRunes().Select(r => r.Value is < 0x20 and not ('\t' or '\n') or (>= 0x7F and <= 0x9F) or 0xFFFE or 0xFFFF
            ? "\uFFFD" : r.ToString()));
        Assert.That(parsed.Descendants("h1").Single().Value, Is.EqualTo(shown));
    });
}
