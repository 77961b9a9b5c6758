using System.ComponentModel;

namespace LargeRec.Retrieval.Configuration;

/// <summary>Header names of a delimited file's columns. What is null is recognised by its usual names, or absent.</summary>
public sealed record ColumnsConfiguration
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
