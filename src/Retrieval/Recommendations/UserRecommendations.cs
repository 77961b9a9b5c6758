namespace LargeRec.Retrieval.Recommendations;

/// <summary>The list of one user, or of a history that is nobody's.</summary>
/// <param name="UserId">The id as the data have it; null for a history.</param>
/// <param name="At">The time of the request that was taken, milliseconds since 1970-01-01 UTC; null where the data have no times or nobody knows them.</param>
/// <param name="Items">Best first; shorter than asked for, or empty, where the history leaves fewer items.</param>
public sealed record UserRecommendations(string? UserId, long? At, IReadOnlyList<Recommendation> Items);
