namespace LargeRec.Data.Events;

/// <summary>Messages of one line: what they quote comes from files and may hold anything.</summary>
public static class OneLine
{
    /// <summary>The text with a space for every control character, so that no file can break a line or move a cursor.</summary>
    public static string Of(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;

    /// <summary>The same, cut to a length, with three dots where something is missing.</summary>
    public static string Excerpt(string text, int length) => Of(text.Length > length ? text[..length] + "..." : text);
}
