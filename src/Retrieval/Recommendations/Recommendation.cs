namespace LargeRec.Retrieval.Recommendations;

/// <summary>One recommended item.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="ItemId">The id as the data have it.</param>
/// <param name="Title">Its title, where the data have one.</param>
/// <param name="Score">The cosine of the query and the item.</param>
public sealed record Recommendation(int Rank, string ItemId, string? Title, float Score);
