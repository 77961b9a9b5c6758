namespace LargeRec.Retrieval.Recommendations;

/// <summary>Events to recommend from, oldest first: item indices, and their times or none.</summary>
/// <param name="Items">At least one.</param>
/// <param name="Times">Milliseconds since 1970-01-01 UTC, as many as items and never decreasing; empty where the data have no times.</param>
/// <param name="Notes">What was assumed or left out: lines to print.</param>
public sealed record History(IReadOnlyList<int> Items, IReadOnlyList<long> Times, IReadOnlyList<string> Notes)
{
    /// <summary>Whether only the distances of the times mean something, since nobody knew them.</summary>
    public bool HasAssumedTimes { get; init; }
}
