namespace LargeRec.Retrieval.Reports;

/// <summary>Lines of comma-separated values by RFC 4180, but with a line feed alone at the end, as this program writes and reads them.</summary>
public static class CsvLine
{
    private const string Special = "\",\r\n";

    /// <summary>The fields with commas between them and a line feed after them; null is an empty field.</summary>
    public static string Of(params IEnumerable<string?> fields) => string.Join(',', fields.Select(Field)) + "\n";

    /// <summary>A field, in quotes where it holds a quote, a comma or a line break.</summary>
    public static string Field(string? text) => text is null ? "" :
        text.AsSpan().IndexOfAny(Special) < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
