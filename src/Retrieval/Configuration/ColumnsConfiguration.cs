namespace LargeRec.Retrieval.Configuration;

/// <summary>Header names of a delimited file's columns. What is null is recognised by its usual names, or absent.</summary>
public sealed record ColumnsConfiguration
{
    public string? User { get; init; }

    public string? Item { get; init; }

    public string? Time { get; init; }

    public string? Rating { get; init; }

    public string? Behaviour { get; init; }

    public string? Title { get; init; }
}
