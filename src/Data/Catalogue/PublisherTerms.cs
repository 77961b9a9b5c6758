namespace LargeRec.Data.Catalogue;

/// <summary>What a publisher asks of those who use a data set.</summary>
/// <param name="Summary">In a word or two, for tables.</param>
/// <param name="Text">The conditions, a paragraph each.</param>
/// <param name="Link">Where the publisher states them; what stands there holds.</param>
public sealed record PublisherTerms(string Summary, string Text, Uri Link);
