using System.Text;
using LargeRec.Data.Events;
using LargeRec.Data.Sources;

namespace LargeRec.Data.Download;

/// <summary>Tells what a fetched file is by its content; a web page that came in a file's place is refused.</summary>
internal static class ArchiveChecks
{
    private const int HeadLength = 512;

    private static readonly string[] ArchiveEndings = [".zip", ".tar.gz", ".tgz", ".tar"];

    /// <exception cref="DataFormatException">It is empty, a web page, damaged, or not the archive that its name says.</exception>
    public static FileKind KindOf(string path, string fileName)
    {
        var head = ReadHead(path);
        if (head.Length == 0 || LooksLikeWebPage(head))
        {
            throw new DataFormatException(path, 0, head.Length == 0 ? "the file is empty" : "this is a web page, not data", "fetch it again");
        }

        var kind = FileKinds.Of(path);
        return IsArchive(kind) || !ArchiveEndings.Any(ending => fileName.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            ? kind
            : throw new DataFormatException(path, 0, $"this is no {Path.GetExtension(fileName)} archive", "fetch it again");
    }

    /// <summary>Whether it is unpacked; other files are used as they are.</summary>
    public static bool IsArchive(FileKind kind) => kind is FileKind.Zip or FileKind.Tar or FileKind.TarGzip;

    private static byte[] ReadHead(string path)
    {
        using var file = FileKinds.OpenFile(path);
        var head = new byte[HeadLength];
        return head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }

    private static bool LooksLikeWebPage(byte[] head)
    {
        var text = Encoding.Latin1.GetString(head).TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\t', '\r', '\n');
        return text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }
}
