namespace LargeRec.Data.Catalogue;

/// <summary>A data set that is known by name: what it is, where it may lie, and in which layouts it is read.</summary>
/// <param name="Name">The name on the command line, and of the folder in the data directory that a download makes.</param>
/// <param name="Title">What it is, in a few words.</param>
public sealed record Dataset(string Name, string Title)
{
    /// <summary>Sub-folders of the data directory that may have it, besides the one of its own name.</summary>
    public IReadOnlyList<string> OtherFolders { get; init; } = [];

    /// <summary>Names of the publisher's archives. They may lie in the data directory or in the data set's folder; <c>NAME.zip</c> and <c>NAME.tar.gz</c> are
    /// looked for too.</summary>
    public IReadOnlyList<string> Archives { get; init; } = [];

    /// <summary>How it can be read; the first layout whose files are there is taken.</summary>
    public required IReadOnlyList<DatasetLayout> Layouts { get; init; }

    /// <summary>Events that the publisher's edition has, where they are known: another number is said in the notes. 0 where none is known.</summary>
    public long PublishedEvents { get; init; }

    /// <summary>All folders of the data directory that may have it.</summary>
    internal IEnumerable<string> Folders => [Name, .. OtherFolders];

    /// <summary>All names of archives.</summary>
    internal IEnumerable<string> ArchiveNames => Archives.Concat([$"{Name}.zip", $"{Name}.tar.gz", $"{Name}.tgz"]).Distinct();
}
