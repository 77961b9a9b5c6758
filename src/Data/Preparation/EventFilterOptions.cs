namespace LargeRec.Data.Preparation;

/// <summary>Which events, users and items are kept. The defaults keep everything; filters work in the order of these properties.</summary>
public sealed record EventFilterOptions
{
    /// <summary>Events with a lower rating go; null: none.</summary>
    public double? MinRating { get; init; }

    /// <summary>Events of other behaviours go; empty: none.</summary>
    public IReadOnlyList<string> Behaviours { get; init; } = [];

    /// <summary>An event with the same item as the user's event before it goes.</summary>
    public bool DropRepeats { get; init; }

    /// <summary>Users with fewer events go, counted once, before <see cref="MinItemEvents"/> takes any away; 0 or 1: none.</summary>
    public int MinUserEvents { get; init; }

    /// <summary>Items with fewer events go, counted once, before <see cref="MinUserEvents"/> takes any away; 0 or 1: none.</summary>
    public int MinItemEvents { get; init; }

    /// <summary>Users and items with fewer events go, again and again until every one left has so many (the k-core); 0 or 1: none.</summary>
    public int KCore { get; init; }

    /// <summary>Whether everything is kept.</summary>
    public bool KeepsAll => MinRating is null && Behaviours.Count == 0 && !DropRepeats && MinUserEvents <= 1 && !DropsItems;

    internal bool DropsItems => MinItemEvents > 1 || KCore > 1;
}
