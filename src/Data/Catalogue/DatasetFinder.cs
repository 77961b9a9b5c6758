using LargeRec.Data.Sources;

namespace LargeRec.Data.Catalogue;

/// <summary>Looks for a data set in a data directory: in its folders, in archives there, in archives beside them, and in the directory itself.</summary>
internal static class DatasetFinder
{
    /// <summary>The first place that has one of the data set's layouts.</summary>
    /// <exception cref="DatasetNotFoundException">There is none; the message says what was looked for, and where.</exception>
    public static (FileSource Source, DatasetLayout Layout) Find(Dataset dataset, string? dataDirectory)
    {
        if (string.IsNullOrEmpty(dataDirectory))
        {
            throw new DatasetNotFoundException($"data set '{dataset.Name}' needs a data directory that has the folder {dataset.Name}; set it with --data-dir "
                + "DIR or the environment variable LARGEREC_DATA");
        }

        if (TryFind(dataset, dataDirectory) is { } found)
        {
            return found;
        }

        var files = string.Join(", or ", dataset.Layouts.Select(layout => string.Join(" and ", layout.Files.Select(file => $"{file}[.gz]"))));
        var archives = dataset.Archives.Count == 0 ? "" : $", and for {string.Join(" or ", dataset.Archives)}";
        throw new DatasetNotFoundException(
            $"data set '{dataset.Name}' was not found: looked for {files} in {Path.GetFullPath(Path.Combine(dataDirectory, dataset.Name))}{archives}; set "
            + $"the data directory with --data-dir DIR or LARGEREC_DATA");
    }

    /// <summary>As <see cref="Find"/>; null where there is none.</summary>
    public static (FileSource Source, DatasetLayout Layout)? TryFind(Dataset dataset, string dataDirectory)
    {
        foreach (var source in Places(dataset, dataDirectory))
        {
            if (dataset.Layouts.FirstOrDefault(layout => layout.IsIn(source)) is { } layout)
            {
                return (source, layout);
            }
        }

        return null;
    }

    /// <summary>Where the data set lies: as <see cref="TryFind"/>, but archives are taken by their names, unread.</summary>
    public static string? Locate(Dataset dataset, string dataDirectory)
        => Folders(dataset, dataDirectory).FirstOrDefault(folder => IsIn(dataset, FileSource.OfFolder(folder)))
            ?? Archives(dataset, dataDirectory).FirstOrDefault()
            ?? (Directory.Exists(dataDirectory) && IsIn(dataset, OwnFiles(dataDirectory)) ? dataDirectory : null);

    private static bool IsIn(Dataset dataset, FileSource source) => dataset.Layouts.Any(layout => layout.IsIn(source));

    private static IEnumerable<string> Folders(Dataset dataset, string dataDirectory)
        => dataset.Folders.Select(folder => Path.Combine(dataDirectory, folder)).Where(Directory.Exists);

    private static IEnumerable<string> Archives(Dataset dataset, string dataDirectory)
        => (from folder in Folders(dataset, dataDirectory).Append(dataDirectory) from name in dataset.ArchiveNames select Path.Combine(folder, name))
            .Where(File.Exists);

    // The directory's own files only: what lies deeper belongs to other data sets, some of whose files have the same names.
    private static FileSource OwnFiles(string dataDirectory) => FileSource.OfFolder(dataDirectory, new SourceLimits { Depth = 0 });

    private static IEnumerable<FileSource> Places(Dataset dataset, string dataDirectory)
    {
        foreach (var folder in Folders(dataset, dataDirectory))
        {
            yield return FileSource.OfFolder(folder);
        }

        foreach (var archive in Archives(dataset, dataDirectory))
        {
            yield return FileSource.OfArchive(archive);
        }

        if (Directory.Exists(dataDirectory))
        {
            yield return OwnFiles(dataDirectory);
        }
    }
}
