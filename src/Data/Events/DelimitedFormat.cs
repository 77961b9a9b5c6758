namespace LargeRec.Data.Events;

/// <summary>How the rows of a delimited file are cut into fields.</summary>
/// <param name="Separator">One or two ASCII characters between fields, such as <c>,</c> or <c>::</c>.</param>
/// <param name="Quotes">Whether a field that begins with a double quote runs to its closing quote, as in RFC 4180 (one-character separators only).</param>
public sealed record DelimitedFormat(string Separator, bool Quotes)
{
    public static DelimitedFormat Comma { get; } = new(",", Quotes: true);
}
