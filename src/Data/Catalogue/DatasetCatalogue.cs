using System.Globalization;
using LargeRec.Data.Catalogue.Descriptions;
using LargeRec.Data.Events;
using LargeRec.Data.Synthetic;

namespace LargeRec.Data.Catalogue;

/// <summary>The data sets known by name, and how each is opened. What is no name is a file of the user's own.</summary>
public static class DatasetCatalogue
{
    private const int MostNeighbours = 1000;

    /// <summary>The generated log's name.</summary>
    public const string Synthetic = "synthetic";

    /// <summary>The data sets that are read from a data directory; their descriptions lie in <c>Descriptions/</c>, a file a publisher.</summary>
    public static IReadOnlyList<Dataset> Datasets { get; } =
    [
        .. MovieLensDescriptions.All, .. KuaiRandDescriptions.All, .. AmazonDescriptions.All, .. ShopDescriptions.All,
    ];

    /// <summary>All names, for listings and for messages.</summary>
    public static IReadOnlyList<string> Names { get; } = [Synthetic, .. Datasets.Select(dataset => dataset.Name)];

    /// <summary>The data set of this name; null if there is none.</summary>
    public static Dataset? Find(string name) => Datasets.FirstOrDefault(dataset => dataset.Name == name);

    /// <summary>The folder or archive of the data directory that has a named data set; null where it is not there. Archives are taken by their names and not
    /// opened.</summary>
    public static string? Locate(string name, string? dataDirectory)
        => Find(name) is { } dataset && !string.IsNullOrEmpty(dataDirectory) ? DatasetFinder.Locate(dataset, dataDirectory) : null;

    /// <summary>The files that a data set is read from: all that it depends on. Generated data have none.</summary>
    /// <param name="nameOrFile">One of <see cref="Names"/>, or the path of a file.</param>
    /// <param name="dataDirectory">The folder that has the named data sets.</param>
    /// <returns>The folder, archive or file, and the paths of the files in an order of their own.</returns>
    /// <exception cref="DatasetNotFoundException">There is no such name, file or folder.</exception>
    /// <exception cref="DataFormatException">An archive that may have it is damaged.</exception>
    public static (string Location, IReadOnlyList<string> Files) SourceFiles(string nameOrFile, string? dataDirectory)
    {
        if (nameOrFile == Synthetic)
        {
            return (nameOrFile, []);
        }

        if (Find(nameOrFile) is not { } dataset)
        {
            return File.Exists(nameOrFile) ? (nameOrFile, [nameOrFile]) : throw NotFound(nameOrFile);
        }

        var (source, layout) = DatasetFinder.Find(dataset, dataDirectory);
        return (source.Location, [.. source.PathsOf(layout.Files.Concat(layout.OptionalFiles).SelectMany(source.FindAll))]);
    }

    /// <summary>Opens a data set.</summary>
    /// <param name="nameOrFile">One of <see cref="Names"/>, or the path of a file that <see cref="LogFile"/> reads.</param>
    /// <param name="dataDirectory">The folder that has the named data sets as sub-folders or archives; null where none is set.</param>
    /// <param name="options">Columns, time unit, generator; defaults where null.</param>
    /// <exception cref="DatasetNotFoundException">There is no such name, file or folder.</exception>
    /// <exception cref="DataFormatException">The file is not what it should be.</exception>
    public static EventLog Open(string nameOrFile, string? dataDirectory, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        if (nameOrFile == Synthetic)
        {
            var open = options.OpenRandomStream
                ?? throw new ArgumentException($"the data set '{Synthetic}' needs {nameof(DatasetOptions)}.{nameof(DatasetOptions.OpenRandomStream)}");
            return InteractionGenerator.Generate(options.Generator, open);
        }

        if (Find(nameOrFile) is { } dataset)
        {
            return Open(dataset, dataDirectory, options.Reading);
        }

        if (File.Exists(nameOrFile))
        {
            return LogFile.Read(nameOrFile, options.Delimited, options.Reading);
        }

        throw NotFound(nameOrFile);
    }

    private static EventLog Open(Dataset dataset, string? dataDirectory, ReadingOptions options)
    {
        var (source, layout) = DatasetFinder.Find(dataset, dataDirectory);
        var log = layout.Read(source, options);
        var notes = new List<string> { $"{dataset.Name}: read from {source.Location} in {layout.Description}" };
        if (dataset.PublishedEvents > 0 && log.Count != dataset.PublishedEvents)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{log.Count} events where {dataset.Name} is published with {dataset.PublishedEvents}"));
        }

        return log.WithNotesBefore(notes);
    }

    private static DatasetNotFoundException NotFound(string nameOrFile)
        => LooksLikeFile(nameOrFile)
            ? new DatasetNotFoundException($"there is no file '{nameOrFile}' (looked for "
                + $"{Path.GetFullPath(nameOrFile)}){NearestName.Question(Path.GetFileName(nameOrFile), NeighboursOf(nameOrFile))}")
            : new DatasetNotFoundException($"unknown data set '{nameOrFile}'{NearestName.Question(nameOrFile, Names)} (known are {string.Join(", ", Names)}, "
                + "or the path of a file of events)");

    /// <summary>Names of files in the folder where one was looked for; none where the folder cannot be listed.</summary>
    private static string[] NeighboursOf(string file)
    {
        try
        {
            return Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && Directory.Exists(folder)
                ? [.. Directory.EnumerateFiles(folder).Take(MostNeighbours).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool LooksLikeFile(string text) => text.AsSpan().IndexOfAny('/', '\\', '.') >= 0;
}
