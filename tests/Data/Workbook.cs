using System.Globalization;
using System.Text;

namespace LargeRec.Data.Tests;

/// <summary>Writes small .xlsx workbooks: the fewest parts that the format asks for.</summary>
internal static class Workbook
{
    private const string Package = "http://schemas.openxmlformats.org/package/2006";
    private const string Document = "http://schemas.openxmlformats.org/officeDocument/2006";
    private const string Sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Worksheet = $"{Document}/relationships/worksheet";

    /// <summary>A workbook of named sheets; a cell is a text, a number, a date or null.</summary>
    public static byte[] Of(params (string Name, object?[][] Rows)[] sheets)
    {
        var numbers = Enumerable.Range(1, sheets.Length).ToArray();
        var parts = new List<(string, byte[])>
        {
            ("[Content_Types].xml", Xml($"""
                <Types xmlns="{Package}/content-types">
                <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
                <Default Extension="xml" ContentType="application/xml"/></Types>
                """)),
            ("_rels/.rels", Xml($"""
                <Relationships xmlns="{Package}/relationships">
                <Relationship Id="r1" Type="{Document}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>
                """)),
            ("xl/workbook.xml", Xml($"""
                <workbook xmlns="{Sheet}" xmlns:r="{Document}/relationships"><sheets>
                {string.Concat(numbers.Select(n => $"""<sheet name="{sheets[n - 1].Name}" sheetId="{n}" r:id="s{n}"/>"""))}</sheets></workbook>
                """)),
            ("xl/_rels/workbook.xml.rels", Xml($"""
                <Relationships xmlns="{Package}/relationships">
                {string.Concat(numbers.Select(n => $"""<Relationship Id="s{n}" Type="{Worksheet}" Target="worksheets/sheet{n}.xml"/>"""))}
                <Relationship Id="st" Type="{Document}/relationships/styles" Target="styles.xml"/></Relationships>
                """)),

            // Style 1 is date and time.
            ("xl/styles.xml", Xml($"""
                <styleSheet xmlns="{Sheet}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>
                """)),
        };
        foreach (var number in numbers)
        {
            var rows = string.Concat(sheets[number - 1].Rows.Select((row, r) => Row(row, r + 1)));
            parts.Add(($"xl/worksheets/sheet{number}.xml", Xml($"""<worksheet xmlns="{Sheet}"><sheetData>{rows}</sheetData></worksheet>""")));
        }

        return Packed.Zip([.. parts]);
    }

    private static string Row(object?[] cells, int row)
        => $"""<row r="{row}">{string.Concat(cells.Select((cell, c) => Cell(cell, row, (char)('A' + c))))}</row>""";

    private static string Cell(object? cell, int row, char column) => cell switch
    {
        null => "",
        string text => $"""<c r="{column}{row}" t="inlineStr"><is><t>{text}</t></is></c>""",
        DateTime time => string.Create(CultureInfo.InvariantCulture, $"""<c r="{column}{row}" s="1"><v>{time.ToOADate():R}</v></c>"""),
        _ => string.Create(CultureInfo.InvariantCulture, $"""<c r="{column}{row}"><v>{cell}</v></c>"""),
    };

    private static byte[] Xml(string text) => Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{text}");
}
