namespace LargeRec.Retrieval.Recommendations;

/// <summary>What is asked for.</summary>
public sealed record RecommendationOptions
{
    /// <summary>Items a list, at least 1; fewer come where fewer are left.</summary>
    public int Count { get; init; } = 10;

    /// <summary>The time of the request in milliseconds since 1970-01-01 UTC; null for each history's last event plus the data's median gap.</summary>
    public long? At { get; init; }

    /// <summary>Whether items of the history may be recommended again; otherwise none of the whole history is.</summary>
    public bool IncludeHistory { get; init; }
}
