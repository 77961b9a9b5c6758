using System.IO.Compression;
using LargeRec.Data.Events;

namespace LargeRec.Data.Sources;

/// <summary>The entries of a zip archive; each opening reads the archive's directory anew, so that nothing has to be closed.</summary>
internal sealed class ZipSource(string path, SourceLimits limits) : FileSource(path, List(path, limits))
{
    internal override IEnumerable<string> PathsOf(IEnumerable<SourceFile> files) => [Location];

    internal override Stream OpenRaw(SourceFile file)
    {
        var archive = OpenArchive(Location);
        try
        {
            var entry = archive.Entries.First(entry => entry.FullName == file.Path);
            return new CheckedEntryStream(entry.Open(), entry.Length, entry.Crc32, archive);
        }
        catch (Exception fault)
        {
            archive.Dispose();
            if (fault is InvalidDataException or EndOfStreamException)
            {
                throw Damaged(DisplayName(file), fault);
            }

            throw;
        }
    }

    private static List<SourceFile> List(string path, SourceLimits limits)
    {
        using var archive = OpenArchive(path);
        var files = new List<SourceFile>();
        foreach (var entry in archive.Entries)
        {
            if (entry.FullName.EndsWith('/'))
            {
                continue;
            }

            if (files.Count == limits.Files)
            {
                throw TooMany(path, limits.Files);
            }

            if (entry.Length > limits.EntryBytes)
            {
                throw new DataFormatException(path, 0, $"its entry {entry.FullName} claims {entry.Length} bytes; at most {limits.EntryBytes} are read",
                    "fetch the publisher's archive again");
            }

            if (entry.IsEncrypted)
            {
                throw new DataFormatException(path, 0, $"its entry {entry.FullName} is encrypted", "unpack it into a folder of its name");
            }

            files.Add(new SourceFile(entry.FullName, entry.Length));
        }

        return files;
    }

    private static ZipArchive OpenArchive(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        try
        {
            var archive = new ZipArchive(file, ZipArchiveMode.Read);
            _ = archive.Entries.Count;
            return archive;
        }
        catch (Exception fault)
        {
            file.Dispose();
            if (fault is InvalidDataException or EndOfStreamException or ArgumentException or IOException)
            {
                throw Damaged(path, fault);
            }

            throw;
        }
    }

    private static DataFormatException Damaged(string name, Exception fault)
        => new(name, 0, "the zip archive is cut or damaged", "fetch it again", fault);
}
