using System.Globalization;
using System.Text;

namespace LargeRec.Retrieval.Reports;

/// <summary>
/// Builds a page that is one file: style and pictures inside, nothing loaded from anywhere, no script. It is readable in light and dark, on a wide screen and
/// on a telephone's, and well-formed XML too. Every text is escaped, so that ids and titles of users' data may hold anything.
/// </summary>
public sealed class HtmlPage
{
    private readonly StringBuilder _body = new();
    private readonly string _title;

    /// <param name="title">The window's title and the page's first heading.</param>
    public HtmlPage(string title)
    {
        _title = title;
        _body.Append("<h1>").Append(Escape(title)).Append("</h1>\n");
    }

    /// <summary>The text as it may stand between tags and in quoted attributes; characters that no XML may hold become U+FFFD.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\t' or '\n' => escaped.Append((char)rune.Value),
                < 0x20 or (>= 0x7F and <= 0x9F) or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune),
            };
        }

        return escaped.ToString();
    }

    /// <summary>A heading below the page's own.</summary>
    public HtmlPage Heading(string text) => Element("h2", text);

    public HtmlPage Paragraph(string text) => Element("p", text);

    /// <summary>A remark in smaller letters.</summary>
    public HtmlPage Note(string text) => Append($"<p class=\"note\">{Escape(text)}</p>\n");

    /// <summary>A few numbers that matter most, large, each with what it is and a remark.</summary>
    public HtmlPage Figures(params IReadOnlyList<(string Name, string Value, string Remark)> figures)
    {
        _body.Append("<div class=\"figures\">\n");
        foreach (var (name, value, remark) in figures)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<div><span class=\"name\">{Escape(name)}</span><span class=\"value\">{Escape(value)}</span><span "
                + $"class=\"note\">{Escape(remark)}</span></div>\n");
        }

        return Append("</div>\n");
    }

    /// <summary>A table; columns after the first that hold numbers are aligned to the right.</summary>
    /// <param name="headers">The columns' names.</param>
    /// <param name="rows">As many cells each.</param>
    /// <param name="hasNumbers">Whether the columns after the first hold numbers.</param>
    public HtmlPage Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows, bool hasNumbers)
    {
        _body.Append(CultureInfo.InvariantCulture, $"<div class=\"wide\"><table{(hasNumbers ? " class=\"numbers\"" : "")}>\n<thead><tr>");
        _body.AppendJoin("", headers.Select(header => $"<th scope=\"col\">{Escape(header)}</th>")).Append("</tr></thead>\n<tbody>\n");
        foreach (var row in rows)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Escape(row[0])}</th>")
                .AppendJoin("", row.Skip(1).Select(cell => $"<td>{Escape(cell)}</td>")).Append("</tr>\n");
        }

        return Append("</tbody>\n</table></div>\n");
    }

    /// <summary>Lines to be typed or read as they are.</summary>
    public HtmlPage Code(string text) => Append($"<pre><code>{Escape(text)}</code></pre>\n");

    /// <summary>Charts beside each other where there is room, each with its title and, for several series, its legend.</summary>
    public HtmlPage Charts(params IEnumerable<Chart> charts)
    {
        _body.Append("<div class=\"charts\">\n");
        foreach (var chart in charts)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<figure><figcaption><strong>{Escape(chart.Title)}</strong>");
            foreach (var (name, classes) in chart.Legend)
            {
                _body.Append(CultureInfo.InvariantCulture, $" <span class=\"key {classes}\">{Escape(name)}</span>");
            }

            _body.Append("</figcaption>\n").Append(chart.ToSvg()).Append("</figure>\n");
        }

        return Append("</div>\n");
    }

    /// <summary>What can be opened by a click.</summary>
    /// <param name="summary">What is always seen.</param>
    /// <param name="content">Adds what is inside.</param>
    public HtmlPage Details(string summary, Action<HtmlPage> content)
    {
        _body.Append("<details><summary>").Append(Escape(summary)).Append("</summary>\n");
        content(this);
        return Append("</details>\n");
    }

    /// <summary>The whole page.</summary>
    public string ToHtml() => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>{Escape(_title)}</title>
        <style>
        {HtmlStyle.Text}</style>
        </head>
        <body>
        <main>
        {_body}</main>
        </body>
        </html>

        """;

    private HtmlPage Element(string name, string text) => Append($"<{name}>{Escape(text)}</{name}>\n");

    private HtmlPage Append(string html)
    {
        _body.Append(html);
        return this;
    }
}
