using System.Formats.Tar;
using LargeRec.Data.Events;

namespace LargeRec.Data.Sources;

/// <summary>The entries of a tar archive, plain or gzipped; the archive is read through once for its list and once for each file opened.</summary>
internal sealed class TarSource(string path, SourceLimits limits) : FileSource(path, List(path, limits))
{
    internal override Stream OpenRaw(SourceFile file)
    {
        var tar = OpenArchive(Location);
        try
        {
            while (Next(tar, Location) is { } entry)
            {
                if (entry.DataStream is { } data && Clean(entry.Name) == file.Path)
                {
                    return new CheckedEntryStream(data, file.Length, checksum: null, tar);
                }
            }
        }
        catch
        {
            tar.Dispose();
            throw;
        }

        tar.Dispose();
        throw new DataFormatException(Location, 0, $"its entry {file.Path} is gone since it was listed", "let nothing change the file while it is read");
    }

    private static List<SourceFile> List(string path, SourceLimits limits)
    {
        using var tar = OpenArchive(path);
        var files = new List<SourceFile>();
        while (Next(tar, path) is { } entry)
        {
            // Links and folders have no bytes of their own.
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            {
                continue;
            }

            if (files.Count == limits.Files)
            {
                throw TooMany(path, limits.Files);
            }

            if (entry.Length > limits.EntryBytes)
            {
                throw new DataFormatException(path, 0, $"its entry {entry.Name} claims {entry.Length} bytes; at most {limits.EntryBytes} are read", "fetch the publisher's archive again");
            }

            files.Add(new SourceFile(Clean(entry.Name), entry.Length));
        }

        return files;
    }

    private static string Clean(string name) => name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;

    private static TarReader OpenArchive(string path)
    {
        var file = FileKinds.OpenFile(path);
        try
        {
            return new TarReader(Unpack(file, path), leaveOpen: false);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static TarEntry? Next(TarReader tar, string path)
    {
        try
        {
            return tar.GetNextEntry();
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            throw new DataFormatException(path, 0, "the tar archive is cut or damaged", "fetch it again", fault);
        }
    }
}
