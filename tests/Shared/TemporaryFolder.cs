using System.Text;

namespace LargeRec.Shared;

/// <summary>A folder of a test's own, gone when it ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FolderPath { get; } = Directory.CreateTempSubdirectory("largerec-").FullName;

    /// <summary>Everything in it, hidden entries too, by relative path.</summary>
    public string[] Entries =>
    [
        .. Directory.EnumerateFileSystemEntries(FolderPath, "*", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(FolderPath, p))
            .Order(StringComparer.Ordinal),
    ];

    public string this[string name] => Path.Combine(FolderPath, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(FolderPath, recursive: true);
}
