namespace LargeRec.Data.Catalogue;

/// <summary>A public data set: whose it is, under which terms, and where its publisher has it.</summary>
public sealed record PublishedDataset
{
    /// <summary>As commands call it; its folder in the data directory has this name.</summary>
    public required string Name { get; init; }

    /// <summary>As its publisher calls it.</summary>
    public required string Title { get; init; }

    /// <summary>As published; null where it is not known.</summary>
    public int? Users { get; init; }

    /// <summary>As published; null where it is not known.</summary>
    public int? Items { get; init; }

    /// <summary>As published; null where it is not known.</summary>
    public long? Events { get; init; }

    public required PublisherTerms Terms { get; init; }

    /// <summary>What publications that use it should cite.</summary>
    public required string Citation { get; init; }

    /// <summary>Null where the publisher gives it only by hand: behind a registration, or a form.</summary>
    public PublishedFile? File { get; init; }

    /// <summary>Where a person gets it.</summary>
    public required Uri HomePage { get; init; }
}
