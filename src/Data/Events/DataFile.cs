using LargeRec.Data.Sources;

namespace LargeRec.Data.Events;

/// <summary>Opens data files, plain or gzipped, whatever their name says.</summary>
internal static class DataFile
{
    /// <summary>The file's bytes, unpacked where it begins as a gzip file does; an empty file is an error.</summary>
    public static Stream Open(string path)
    {
        var file = FileKinds.OpenFile(path);
        try
        {
            return FileSource.Unpack(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The file's bytes; 0 where it is gzipped and they are not known.</summary>
    public static long LengthUnpacked(string path)
    {
        using var file = FileKinds.OpenFile(path);
        Span<byte> magic = stackalloc byte[2];
        return file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual(FileKinds.GzipMagic) ? 0 : file.Length;
    }

    public static DataFormatException Empty(string path) => new(path, 0, "the file is empty", "fetch or write it again");
}
