namespace LargeRec.Cli.Tests;

/// <summary>A folder of a test's own, gone when it ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FolderPath { get; } = Directory.CreateTempSubdirectory("largerec-cli-").FullName;

    public string this[string name] => Path.Combine(FolderPath, name);

    /// <summary>Everything in it, by relative path.</summary>
    public string[] Entries => [.. Directory.EnumerateFileSystemEntries(FolderPath, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(FolderPath, p)).Order(StringComparer.Ordinal)];

    public string Write(string name, string text)
    {
        var path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(FolderPath, recursive: true);
}
