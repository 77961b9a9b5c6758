using LargeRec.Data.Events;
using LargeRec.Data.Sources;

namespace LargeRec.Data.Catalogue;

/// <summary>The files of a data set in one of the forms it goes about in, and their reader.</summary>
/// <param name="Description">Such as <c>the publisher's layout</c>.</param>
/// <param name="Files">Names of files that must be there, at any depth, each plain or with .gz behind it; <c>*</c> stands for any characters.</param>
/// <param name="Read">Reads them.</param>
public sealed record DatasetLayout(string Description, IReadOnlyList<string> Files, Func<FileSource, ReadingOptions, EventLog> Read)
{
    /// <summary>Names of files that are read where they are there; written as <see cref="Files"/> are.</summary>
    public IReadOnlyList<string> OptionalFiles { get; init; } = [];

    internal bool IsIn(FileSource source) => Files.All(file => source.FindAll(file).Count > 0);
}
