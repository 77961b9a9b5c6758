namespace LargeRec.Training.Tests;

/// <summary>A folder of a test's own, gone when it ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FolderPath { get; } = Directory.CreateTempSubdirectory("largerec-").FullName;

    public string this[string name] => Path.Combine(FolderPath, name);

    public void Dispose() => Directory.Delete(FolderPath, recursive: true);
}
