namespace LargeRec.Cli.Tests;

/// <summary>The cache of all commands that tests run, so that none touches the user's own; gone when all tests are over.</summary>
[SetUpFixture]
internal sealed class CacheFolder
{
    public static string FolderPath { get; } = Path.Combine(Path.GetTempPath(), $"largerec-cli-cache-{Environment.ProcessId}");

    [OneTimeTearDown]
    public void Delete()
    {
        if (Directory.Exists(FolderPath))
        {
            Directory.Delete(FolderPath, recursive: true);
        }
    }
}
