namespace LargeRec.Data.Sources;

/// <summary>The files of a folder and of those in it.</summary>
internal sealed class FolderSource(string folder, SourceLimits limits) : FileSource(folder, List(folder, limits))
{
    internal override IEnumerable<string> PathsOf(IEnumerable<SourceFile> files) => files.Select(file => Path.Combine(Location, file.Path));

    internal override Stream OpenRaw(SourceFile file) => FileKinds.OpenFile(Path.Combine(Location, file.Path));

    private static List<SourceFile> List(string folder, SourceLimits limits)
    {
        // Links are followed, as people link to data that lie elsewhere; the limits end circles.
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = limits.Depth > 0,
            MaxRecursionDepth = limits.Depth,
            AttributesToSkip = FileAttributes.System,
            IgnoreInaccessible = true,
        };
        var files = new List<SourceFile>();
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", options))
        {
            if (files.Count == limits.Files)
            {
                throw TooMany(folder, limits.Files);
            }

            files.Add(new SourceFile(Path.GetRelativePath(folder, file.FullName).Replace('\\', '/'), file.Length));
        }

        return files;
    }
}
