using System.IO.Compression;
using LargeRec.Data.Events;

namespace LargeRec.Data.Download;

/// <summary>How a fetched file is packed.</summary>
internal enum ArchiveFormat
{
    /// <summary>It is used as it is: text, a single gzipped file, a workbook.</summary>
    None,

    Zip,

    Tar,

    TarGzip,
}

/// <summary>Tells formats apart by content; a web page that came in a file's place is refused.</summary>
internal static class ArchiveFormats
{
    private const int TarMagicOffset = 257;
    private const int TarBlock = 512;

    private static ReadOnlySpan<byte> TarMagic => "ustar"u8;

    /// <exception cref="DataFormatException">It is empty, a web page, or not what its name says.</exception>
    public static ArchiveFormat Of(string path, string fileName)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var head = ReadHead(file);
        var format = Recognise(file, head, fileName);
        if (head.Length == 0 || LooksLikeWebPage(head))
        {
            throw new DataFormatException(path, 0, head.Length == 0 ? "the file is empty" : "this is a web page, not data", "fetch it again");
        }

        var isNamedArchive = fileName.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) || fileName.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase)
            || fileName.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase) || fileName.EndsWith(".tar", StringComparison.OrdinalIgnoreCase);
        return format != ArchiveFormat.None || !isNamedArchive
            ? format
            : throw new DataFormatException(path, 0, $"this is no {Path.GetExtension(fileName)} archive", "fetch it again");
    }

    private static ArchiveFormat Recognise(FileStream file, byte[] head, string fileName)
    {
        if (head.AsSpan().StartsWith("PK\x03\x04"u8) || head.AsSpan().StartsWith("PK\x05\x06"u8))
        {
            // A workbook is a zip archive of its own kind; readers take it whole.
            return fileName.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase) ? ArchiveFormat.None : ArchiveFormat.Zip;
        }

        if (IsTar(head))
        {
            return ArchiveFormat.Tar;
        }

        if (head is [0x1f, 0x8b, ..])
        {
            file.Position = 0;
            using var unpacked = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
            try
            {
                return IsTar(ReadHead(unpacked)) ? ArchiveFormat.TarGzip : ArchiveFormat.None;
            }
            catch (InvalidDataException fault)
            {
                throw new DataFormatException(file.Name, 0, "the gzip file is damaged", "fetch it again", fault);
            }
        }

        return ArchiveFormat.None;
    }

    private static byte[] ReadHead(Stream stream)
    {
        var head = new byte[TarBlock];
        return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }

    private static bool IsTar(byte[] head) => head.Length == TarBlock && head.AsSpan(TarMagicOffset).StartsWith(TarMagic);

    private static bool LooksLikeWebPage(byte[] head)
    {
        var text = System.Text.Encoding.Latin1.GetString(head).TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\t', '\r', '\n');
        return text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }
}
