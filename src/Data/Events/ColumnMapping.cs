using System.ComponentModel;

namespace LargeRec.Data.Events;

/// <summary>
/// The header names of a table's columns. What is null is recognised by its usual names, or absent. Where all that are given are numbers
/// from 1 they are positions, and the file may have no header.
/// </summary>
public sealed record ColumnMapping
{
    [Description("The header of the column of users.")]
    public string? User { get; init; }

    [Description("The header of the column of items.")]
    public string? Item { get; init; }

    [Description("The header of the column of times.")]
    public string? Time { get; init; }

    [Description("The header of the column of ratings.")]
    public string? Rating { get; init; }

    [Description("The header of the column of behaviours, such as click or buy.")]
    public string? Behaviour { get; init; }

    [Description("The header of the column of items' titles.")]
    public string? Title { get; init; }
}
