using System.Globalization;
using System.Text;
using LargeRec.Data.Storage;

namespace LargeRec.Retrieval.Runs;

/// <summary>
/// items.tsv: a header <c>index, id, title</c>, then a line a candidate by ascending index, columns divided by tabs, UTF-8.
/// Inside an id or a title <c>\t</c>, <c>\n</c>, <c>\r</c> and <c>\\</c> stand for tab, line break, carriage return and backslash.
/// </summary>
public static class ItemsFile
{
    private const string Header = "index\tid\ttitle";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="ArgumentException">Indices do not ascend from 1 up.</exception>
    public static void Write(string path, IEnumerable<ItemRow> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, Utf8, leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine(Header);
            var last = 0;
            foreach (var item in items)
            {
                if (item.Index <= last)
                {
                    throw new ArgumentException($"Item indices must ascend from 1 up; {item.Index} follows {last}.", nameof(items));
                }

                last = item.Index;
                writer.Write(item.Index.ToString(CultureInfo.InvariantCulture));
                writer.Write('\t');
                writer.Write(Escape(item.Id));
                writer.Write('\t');
                writer.WriteLine(Escape(item.Title ?? ""));
            }
        });
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="RunFolderException">It is missing, or a line of it is not as described.</exception>
    public static IReadOnlyList<ItemRow> Read(string path)
    {
        var items = new List<ItemRow>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using var reader = new StreamReader(path, Utf8);
            if (reader.ReadLine() != Header)
            {
                throw new RunFolderException($"{path} line 1: the header is not 'index, id, title' divided by tabs");
            }

            for (var line = 2; reader.ReadLine() is { } text; line++)
            {
                var item = Parse(text)
                    ?? throw new RunFolderException($"{path} line {line}: not an index, an id and a title divided by tabs");
                if (item.Index <= (items.Count == 0 ? 0 : items[^1].Index))
                {
                    throw new RunFolderException($"{path} line {line}: indices must ascend from 1 up; this one is {item.Index}");
                }

                if (!ids.Add(item.Id))
                {
                    throw new RunFolderException($"{path} line {line}: the id '{Escape(item.Id)}' is there twice");
                }

                items.Add(item);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RunFolderException($"{path}: the file is missing", e);
        }
        catch (DecoderFallbackException e)
        {
            throw new RunFolderException($"{path}: holds text that is not valid UTF-8", e);
        }

        return items;
    }

    private static ItemRow? Parse(string line)
    {
        var columns = line.Split('\t');
        return columns.Length == 3
            && int.TryParse(columns[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && Unescape(columns[1]) is { } id
            && Unescape(columns[2]) is { } title
                ? new ItemRow(index, id, title.Length == 0 ? null : title)
                : null;
    }

    private static string Escape(string text) => text.AsSpan().IndexOfAny("\\\t\n\r") < 0
        ? text
        : text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);

    /// <summary>The text behind an escaped one, or null where a backslash is followed by something else.</summary>
    private static string? Unescape(string escaped)
    {
        if (!escaped.Contains('\\', StringComparison.Ordinal))
        {
            return escaped;
        }

        var text = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                text.Append(escaped[i]);
                continue;
            }

            i++;
            char? meant = i == escaped.Length ? null : escaped[i] switch
            {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                '\\' => '\\',
                _ => null,
            };
            if (meant is null)
            {
                return null;
            }

            text.Append(meant.Value);
        }

        return text.ToString();
    }
}
