using LargeRec.Data.Events;
using LargeRec.Data.Synthetic;

namespace LargeRec.Data.Catalogue;

/// <summary>The data sets known by name, and how each is opened. What is no name is a file with named columns.</summary>
public static class DatasetCatalogue
{
    /// <summary>The generated log's name.</summary>
    public const string Synthetic = "synthetic";

    private static readonly MovieLensLayout[] MovieLens = [MovieLensLayout.MovieLens100K, MovieLensLayout.MovieLens1M];

    /// <summary>All names, for listings and for messages.</summary>
    public static IReadOnlyList<string> Names { get; } = [Synthetic, .. MovieLens.Select(layout => layout.Name)];

    /// <summary>Opens a data set.</summary>
    /// <param name="nameOrFile">One of <see cref="Names"/>, or the path of a CSV or TSV file, plain or .gz.</param>
    /// <param name="dataDirectory">The folder that has the named data sets as sub-folders; null where none is set.</param>
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

        if (Array.Find(MovieLens, layout => layout.Name == nameOrFile) is { } movieLens)
        {
            return MovieLensReader.Read(FindFolder(movieLens, dataDirectory), movieLens);
        }

        if (File.Exists(nameOrFile))
        {
            return DelimitedLogReader.Read(nameOrFile, options.Delimited);
        }

        throw LooksLikeFile(nameOrFile)
            ? new DatasetNotFoundException($"there is no file '{nameOrFile}' (looked for {Path.GetFullPath(nameOrFile)})")
            : new DatasetNotFoundException($"unknown data set '{nameOrFile}'; did you mean '{Spelling.Nearest(nameOrFile, Names)}'? Known are {string.Join(", ", Names)}, or the path of a CSV or TSV file");
    }

    private static string FindFolder(MovieLensLayout layout, string? dataDirectory)
    {
        if (string.IsNullOrEmpty(dataDirectory))
        {
            throw new DatasetNotFoundException($"data set '{layout.Name}' needs a data directory that has the folder {layout.Name}; set it with --data-dir DIR or the environment variable LARGEREC_DATA");
        }

        var folder = Path.Combine(dataDirectory, layout.Name);
        string[] places = [folder, dataDirectory];
        return Array.Find(places, place => MovieLensReader.Exists(place, layout))
            ?? throw new DatasetNotFoundException(
                $"data set '{layout.Name}' was not found: looked for {layout.RatingsFile}[.gz] and {layout.MoviesFile}[.gz] in {Path.GetFullPath(folder)}; set the data directory with --data-dir DIR or LARGEREC_DATA");
    }

    private static bool LooksLikeFile(string text) => text.AsSpan().IndexOfAny('/', '\\', '.') >= 0;
}
