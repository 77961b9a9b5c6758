using System.Formats.Tar;
using LargeRec.Data.Events;

namespace LargeRec.Data.Sources;

/// <summary>The entries of a tar archive, plain or gzipped; the archive is read through once for its list, and to check it, and once for each file
/// opened.</summary>
internal sealed class TarSource(string path, SourceLimits limits) : FileSource(path, List(path, limits))
{
    internal override IEnumerable<string> PathsOf(IEnumerable<SourceFile> files) => [Location];

    internal override Stream OpenRaw(SourceFile file)
    {
        var tar = new TarReader(OpenStream(Location), leaveOpen: false);
        try
        {
            while (Next(tar, Location) is { } entry)
            {
                if (HasBytes(entry) && Clean(entry.Name) == file.Path)
                {
                    // An entry of no bytes has no stream.
                    return new CheckedEntryStream(entry.DataStream ?? Stream.Null, file.Length, checksum: null, tar);
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
        using var stream = OpenStream(path);
        using var tar = new TarReader(stream, leaveOpen: true);
        var files = new List<SourceFile>();
        while (Next(tar, path) is { } entry)
        {
            if (!HasBytes(entry))
            {
                continue;
            }

            if (files.Count == limits.Files)
            {
                throw TooMany(path, limits.Files);
            }

            if (entry.Length > limits.EntryBytes)
            {
                throw new DataFormatException(path, 0, $"its entry {entry.Name} claims {entry.Length} bytes; at most {limits.EntryBytes} are read",
                    "fetch the publisher's archive again");
            }

            files.Add(new SourceFile(Clean(entry.Name), entry.Length));
        }

        // The checksum of gzip comes last, and tar has none of its own.
        ReadToEnd(stream, path);
        return files;
    }

    // Links and folders have no bytes of their own.
    private static bool HasBytes(TarEntry entry) => entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile;

    private static string Clean(string name) => name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;

    private static Stream OpenStream(string path)
    {
        var file = FileKinds.OpenFile(path);
        try
        {
            return Unpack(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void ReadToEnd(Stream stream, string path)
    {
        var rest = new byte[1 << 16];
        try
        {
            while (stream.Read(rest) > 0)
            {
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(path, fault);
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
            throw Damaged(path, fault);
        }
    }

    private static DataFormatException Damaged(string path, Exception fault) => new(path, 0, "the tar archive is cut or damaged", "fetch it again", fault);
}
