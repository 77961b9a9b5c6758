using LargeRec.Data.Events;

namespace LargeRec.Data.Sources;

/// <summary>
/// The files of a data set, wherever they lie: in a folder, or in the publisher's archive (.zip, .tar, .tar.gz), which is streamed and never unpacked.
/// Files are found by their own names, at any depth, plain or with .gz behind the name.
/// </summary>
public abstract class FileSource
{
    /// <param name="location">The folder or archive.</param>
    /// <param name="files">Its files in any order.</param>
    private protected FileSource(string location, IEnumerable<SourceFile> files)
    {
        Location = location;
        Files = [.. files.OrderBy(file => file.Depth).ThenBy(file => file.Path, StringComparer.Ordinal)];
    }

    /// <summary>The folder or archive.</summary>
    public string Location { get; }

    /// <summary>All files, those of the outermost folder first, then by path.</summary>
    public IReadOnlyList<SourceFile> Files { get; }

    /// <summary>A folder's files.</summary>
    public static FileSource OfFolder(string folder, SourceLimits? limits = null) => new FolderSource(folder, limits ?? new SourceLimits());

    /// <summary>An archive's files: .zip, .tar or .tar.gz, known by its first bytes and not by its name.</summary>
    /// <exception cref="DataFormatException">It is damaged, holds more than the limits allow, or is no archive.</exception>
    public static FileSource OfArchive(string path, SourceLimits? limits = null)
    {
        limits ??= new SourceLimits();
        return FileKinds.Of(path) switch
        {
            FileKind.Zip or FileKind.Xlsx => new ZipSource(path, limits),
            FileKind.Tar or FileKind.TarGzip => new TarSource(path, limits),
            _ => throw new DataFormatException(path, 0, "this is no archive of the kinds .zip, .tar and .tar.gz", "fetch the publisher's archive again"),
        };
    }

    /// <summary>The outermost file of this name, plain or with <c>.gz</c> behind it; null if there is none.</summary>
    public SourceFile? Find(string name)
        => Files.FirstOrDefault(file => file.Name == name) ?? Files.FirstOrDefault(file => file.Name == name + ".gz");

    /// <summary>Files of this name, where <c>*</c> stands for any characters, plain or with <c>.gz</c> behind it, by name; of a file that is there both ways
    /// the plain one.</summary>
    public IReadOnlyList<SourceFile> FindAll(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return Find(pattern) is { } only ? [only] : [];
        }

        var (prefix, suffix) = (pattern[..star], pattern[(star + 1)..]);
        return [.. Files.Where(file => Matches(WithoutGzip(file.Name), prefix, suffix)).GroupBy(file => WithoutGzip(file.Name))
            .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => group.MinBy(file => file.Name.Length)!)];
    }

    /// <summary>As <see cref="Find"/>, where the file must be there.</summary>
    /// <exception cref="DataFormatException">It is not.</exception>
    public SourceFile Require(string name)
        => Find(name) ?? throw new DataFormatException(NameOf(name), 0, "there is no such file, nor one with .gz behind its name",
            "fetch the publisher's archive again");

    /// <summary>A file's bytes, unpacked where they begin as gzip does. An empty file is an error.</summary>
    /// <exception cref="DataFormatException">It is empty, or cannot be opened as what it claims to be.</exception>
    public Stream Open(SourceFile file)
    {
        var stream = OpenRaw(file);
        try
        {
            return Unpack(stream, DisplayName(file));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The name of a file in messages: the source's location and the path within.</summary>
    public string DisplayName(SourceFile file) => NameOf(file.Path);

    /// <summary>The paths on disk of what is read where these files are.</summary>
    internal abstract IEnumerable<string> PathsOf(IEnumerable<SourceFile> files);

    /// <summary>The bytes as they lie there.</summary>
    internal abstract Stream OpenRaw(SourceFile file);

    /// <summary>The same bytes, unpacked if they begin as gzip does.</summary>
    internal static Stream Unpack(Stream stream, string name)
    {
        var begun = new PeekedStream(stream, 2);
        return begun.Head.Length == 0
            ? throw new DataFormatException(name, 0, "the file is empty", "fetch or write it again")
            : begun.Head.SequenceEqual(FileKinds.GzipMagic) ? new CheckedGzipStream(begun) : begun;
    }

    private protected static DataFormatException TooMany(string location, int most)
        => new(location, 0, $"it holds more than {most} files", "take the publisher's folder or archive alone");

    private string NameOf(string path) => System.IO.Path.Join(Location, path);

    private static bool Matches(string name, string prefix, string suffix)
        => name.Length >= prefix.Length + suffix.Length && name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(suffix, StringComparison.Ordinal);

    private static string WithoutGzip(string name) => name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
}
