namespace LargeRec.Data.Events;

/// <summary>
/// The header names of a table's columns. What is null is recognised by its usual names, or absent. Where all that are given are numbers from 1
/// (and no header has them as names) they are positions, and the file may have no header.
/// </summary>
public sealed record ColumnMapping
{
    public string? User { get; init; }

    public string? Item { get; init; }

    public string? Time { get; init; }

    public string? Rating { get; init; }

    public string? Behaviour { get; init; }

    public string? Title { get; init; }
}
