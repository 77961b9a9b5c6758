using LargeRec.Data.Catalogue;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Studies.Definition;

/// <summary>The files of configs/studies/, embedded at build time.</summary>
public static class EmbeddedStudies
{
    private const string Folder = "studies/";
    private const string Extension = ".json";

    /// <summary>Every name, in ordinal order.</summary>
    public static IReadOnlyList<string> Names =>
    [
        .. typeof(EmbeddedStudies).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The text of a study, and what errors call it.</summary>
    /// <exception cref="ConfigurationException">There is none of this name; the nearest names are in the message.</exception>
    public static (string Text, string Origin) Find(string name)
    {
        if (!Names.Contains(name))
        {
            throw new ConfigurationException(
                $"there is no study '{name}'{NearestName.Question(name, Names)} (there are {string.Join(", ", Names)}, or the path of a file)");
        }

        using var stream = typeof(EmbeddedStudies).Assembly.GetManifestResourceStream(Folder + name + Extension)!;
        using var reader = new StreamReader(stream);
        return (reader.ReadToEnd(), $"configs/studies/{name}.json");
    }
}
