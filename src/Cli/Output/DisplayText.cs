using System.Text;

namespace LargeRec.Cli.Output;

/// <summary>Text that is fit to be shown: ids, titles and headers come from files of users and may hold anything.</summary>
internal static class DisplayText
{
    /// <summary>The text cut to a width, with three dots where something is missing.</summary>
    public static string Cut(string text, int width) =>
        text.Length <= width ? text : string.Concat(text.AsSpan(0, Math.Max(0, width - 3)), "...");

    /// <summary>The text in lines of at most a width, broken at spaces; a longer word stands alone. Lines after the first are indented.</summary>
    public static IEnumerable<string> Wrap(string text, int width, int indent)
    {
        var line = new StringBuilder();
        var isFresh = true;
        foreach (var word in text.Split(' '))
        {
            if (!isFresh && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear().Append(' ', indent);
                isFresh = true;
            }

            line.Append(isFresh ? "" : " ").Append(word);
            isFresh = false;
        }

        yield return line.ToString();
    }
}
