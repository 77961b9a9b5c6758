namespace LargeRec.Data.Preparation;

/// <summary>What a prepared file keeps beside users, items, times, ids and titles.</summary>
[Flags]
public enum PreparedContents
{
    /// <summary>What recommending from histories takes: users, items, times, ids and titles.</summary>
    Histories = 0,
    Ratings = 1,
    Behaviours = 2,
    SideInformation = 4,
    All = Ratings | Behaviours | SideInformation,
}
