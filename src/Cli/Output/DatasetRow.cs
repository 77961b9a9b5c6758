namespace LargeRec.Cli.Output;

/// <summary>A data set as <c>data list --format json</c> writes it; what is not known is null.</summary>
internal sealed record DatasetRow
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    public required int? Users { get; init; }

    public required int? Items { get; init; }

    public required long? Events { get; init; }

    public required string Terms { get; init; }

    public required string TermsLink { get; init; }

    public required string HomePage { get; init; }

    /// <summary>The address; null where the data set has to be fetched by hand.</summary>
    public required string? Download { get; init; }

    public required long? Bytes { get; init; }

    public required string? Md5 { get; init; }

    public required string? Sha256 { get; init; }

    public required string Citation { get; init; }

    /// <summary>The folder or archive of the data directory that has it; null where it is not there.</summary>
    public required string? Location { get; init; }
}
