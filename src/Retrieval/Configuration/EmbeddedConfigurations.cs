using LargeRec.Data.Catalogue;

namespace LargeRec.Retrieval.Configuration;

/// <summary>The files of configs/, embedded at build time: one folder a data set, one file a model.</summary>
public static class EmbeddedConfigurations
{
    private const string Folder = "configs/";
    private const string Extension = ".json";
    private const string DefaultModel = "hstu";

    /// <summary>Every name, DATA/MODEL, in ordinal order.</summary>
    public static IReadOnlyList<string> Names =>
        [.. Resources().Select(resource => resource.Name).Order(StringComparer.Ordinal)];

    /// <summary>The configuration of a name: DATA/MODEL, or DATA alone for DATA/hstu.</summary>
    /// <exception cref="ConfigurationException">There is none; the nearest names are in the message.</exception>
    public static EmbeddedConfiguration Find(string name)
    {
        var full = name.Contains('/', StringComparison.Ordinal) ? name : $"{name}/{DefaultModel}";
        var found = Resources().FirstOrDefault(resource => resource.Name == full);
        if (found.Resource is null)
        {
            throw new ConfigurationException($"there is no configuration '{name}'{NearestName.Question(full, Names)} (there are {string.Join(", ", Names)})");
        }

        using var stream = typeof(EmbeddedConfigurations).Assembly.GetManifestResourceStream(found.Resource)!;
        using var reader = new StreamReader(stream);
        return new EmbeddedConfiguration(full, Folder + full + Extension, reader.ReadToEnd());
    }

    // The build writes resource names with the separator of the machine it runs on.
    private static IEnumerable<(string Name, string Resource)> Resources() =>
        from resource in typeof(EmbeddedConfigurations).Assembly.GetManifestResourceNames()
        let path = resource.Replace('\\', '/')
        where path.StartsWith(Folder, StringComparison.Ordinal) && path.EndsWith(Extension, StringComparison.Ordinal)
        select (path[Folder.Length..^Extension.Length], resource);
}
