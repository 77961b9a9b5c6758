using System.IO.Compression;
using LargeRec.Data.Events;

namespace LargeRec.Data.Sources;

/// <summary>Tells files apart by their content, as names lie.</summary>
internal static class FileKinds
{
    private const int TarMagicAt = 257;

    public static ReadOnlySpan<byte> GzipMagic => [0x1f, 0x8b];

    private static ReadOnlySpan<byte> TarMagic => "ustar"u8;

    private static ReadOnlySpan<byte> ZipMagic => "PK\x03\x04"u8;

    private static ReadOnlySpan<byte> EmptyZipMagic => "PK\x05\x06"u8;

    private static ReadOnlySpan<byte> ParquetMagic => "PAR1"u8;

    /// <exception cref="DataFormatException">A zip archive that has no directory.</exception>
    public static FileKind Of(string path)
    {
        using var file = OpenFile(path);
        using var begun = new PeekedStream(file, TarMagicAt + TarMagic.Length);
        var head = begun.Head;
        if (head.StartsWith(GzipMagic))
        {
            return BeginsAsTar(begun) ? FileKind.TarGzip : FileKind.Gzip;
        }

        return head.StartsWith(ParquetMagic) ? FileKind.Parquet
            : head.StartsWith(ZipMagic) || head.StartsWith(EmptyZipMagic) ? OfZip(path)
            : head.EndsWith(TarMagic) ? FileKind.Tar
            : FileKind.Text;
    }

    /// <summary>A file to be read once, from its beginning.</summary>
    public static FileStream OpenFile(string path)
        => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);

    private static bool BeginsAsTar(Stream packed)
    {
        try
        {
            using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
            using var begun = new PeekedStream(unpacked, TarMagicAt + TarMagic.Length);
            return begun.Head.EndsWith(TarMagic);
        }
        catch (InvalidDataException)
        {
            // A damaged gzip file is named where it is read.
            return false;
        }
    }

    private static FileKind OfZip(string path)
        => new ZipSource(path, new SourceLimits()).Files.Any(file => file.Path == "xl/workbook.xml") ? FileKind.Xlsx : FileKind.Zip;
}
