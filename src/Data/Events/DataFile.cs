namespace LargeRec.Data.Events;

/// <summary>Opens data files, plain or gzipped, whatever their name says.</summary>
internal static class DataFile
{
    /// <summary>The file's bytes, unpacked where it begins as a gzip file does; an empty file is an error.</summary>
    public static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        try
        {
            Span<byte> magic = stackalloc byte[2];
            var read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
            if (read == 0)
            {
                throw Empty(path);
            }

            file.Position = 0;
            return read == 2 && magic[0] == 0x1f && magic[1] == 0x8b ? new CheckedGzipStream(file) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>This file of the folder, plain or with <c>.gz</c> behind its name; null if neither exists.</summary>
    public static string? Find(string folder, string name)
    {
        var plain = Path.Combine(folder, name);
        return File.Exists(plain) ? plain : File.Exists(plain + ".gz") ? plain + ".gz" : null;
    }

    public static DataFormatException Empty(string path) => new(path, 0, "the file is empty", "fetch or write it again");
}
